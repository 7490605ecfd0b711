package dev.slipway.standalone.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.security.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path folder;

  private DataDirectory directory;

  @BeforeEach
  void open() {
    directory = DataDirectory.open(folder.resolve("a/data"));
  }

  @Test
  void isOpenToItsOwnerAlone() throws IOException {
    String _ = directory.webhookSecret();

    assertThat(permissions(directory.root())).isEqualTo("rwx------");
    assertThat(permissions(directory.root().resolve("webhook-secret"))).isEqualTo("rw-------");
  }

  @Test
  void keepsItsSecretsAndMakesEachOfThemAnew() {
    String secret = directory.webhookSecret();

    assertThat(secret).matches("[0-9a-f]{64}");
    assertThat(DataDirectory.open(directory.root()).webhookSecret()).isEqualTo(secret);
    assertThat(directory.databasePassword()).isNotEqualTo(secret);
  }

  @Test
  void keepsOrReplacesWhatFollowsSomethingElse() throws IOException {
    Path file = directory.root().resolve("token");

    assertThat(directory.renewed("token", present -> "first after " + present))
        .isEqualTo("first after null");
    assertThat(directory.renewed("token", present -> String.valueOf(present)))
        .isEqualTo("first after null");
    Files.write(file, new byte[] {(byte) 0xFF, '\n'});
    assertThat(directory.renewed("token", present -> "second, not " + present))
        .isEqualTo("second, not ÿ");
    assertThat(Files.readString(file)).isEqualTo("second, not ÿ");
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  @Test
  void takesASecretFoundOpenAwayFromOthers() throws IOException {
    String secret = directory.kafkaPassword();
    Path file = directory.root().resolve("kafka-password");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    DataDirectory again = DataDirectory.open(directory.root());

    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(again.kafkaPassword()).isEqualTo(secret);
  }

  @Test
  void givesThreadsThatAskAtOnceTheSameSecret() {
    Set<String> secrets =
        IntStream.range(0, 64)
            .mapToObj(_ -> CompletableFuture.supplyAsync(directory::kafkaPassword))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .collect(Collectors.toSet());

    assertThat(secrets).containsExactly(directory.kafkaPassword());
  }

  @Test
  void refusesAPasswordThatFilesAndUrlsWouldNotCarry() throws IOException {
    Files.writeString(directory.root().resolve("registry-password"), "pass\"word\n");

    assertThatThrownBy(directory::registryPassword)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("registry-password")
        .hasMessageContaining("delete it");
  }

  @Test
  void isClaimedOnceAndSaysByWhom() {
    try (HeldLock _ = directory.claim("up")) {

      assertThatThrownBy(() -> directory.claim("run infra"))
          .isInstanceOf(TakenException.class)
          .hasMessageContaining(directory.root().toString())
          .hasMessageContaining("`slipway up` (process " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void canBeClaimedAgainAfterwards() {
    directory.claim("up").close();

    try (HeldLock _ = directory.claim("run infra")) {
      assertThat(directory.holder())
          .contains(new Holder("run infra", ProcessHandle.current().pid()));
    }
  }

  @Test
  void givesEachLivingProcessANameOfItsOwnAndTheNextOneTheOldName() {
    String first;
    try (Instance one = Instance.take(directory);
        Instance two = Instance.take(directory)) {
      first = one.name();
      assertThat(two.name()).isNotEqualTo(first);
    }

    try (Instance again = Instance.take(directory)) {
      assertThat(again.name()).isEqualTo(first);
    }
  }

  @Test
  void namesItsProcessesUnlikeThoseOfOtherDirectories() {
    try (Instance here = Instance.take(directory);
        Instance there = Instance.take(DataDirectory.open(folder.resolve("b")))) {
      assertThat(there.name()).isNotEqualTo(here.name());
      assertThat(there.number()).isEqualTo(here.number());
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
