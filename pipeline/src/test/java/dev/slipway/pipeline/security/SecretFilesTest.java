package dev.slipway.pipeline.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SecretFilesTest {
  private static final int NOBODY = 65_534;

  @TempDir Path folder;

  private final Logger logger = (Logger) LoggerFactory.getLogger(SecretFiles.class);
  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

  @BeforeEach
  void listen() {
    warnings.start();
    logger.addAppender(warnings);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(warnings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-------", "r--------", "rwx------"})
  void aFileOfItsOwnerAloneIsUsedSilently(String mode) throws IOException {
    SecretFiles.check(file(mode));

    assertThat(warnings.list).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-r--r--", "rw-rw----", "rw----r--"})
  void aFileThatIsOpenToOthersIsNotUsedSilently(String mode) throws IOException {
    Path file = file(mode);

    SecretFiles.check(file);

    assertThat(told()).containsExactly(file + " " + mode);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo(mode);
  }

  @Test
  void aFileThatEverybodyMayWriteIsNotUsed() throws IOException {
    Path file = file("rw-rw-rw-");

    assertThatThrownBy(() -> SecretFiles.check(file))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("chmod 600");
  }

  @Test
  void aFileOfAnotherOwnerMayBeReadableForTheGroupAsKubernetesMountsIt() throws IOException {
    assumeThat(Files.getAttribute(folder, "unix:uid")).as("run as root").isEqualTo(0);
    for (String mode : List.of("r--r-----", "rw-r-----")) {
      Path file = file(mode);
      Files.setAttribute(file, "unix:uid", NOBODY);

      SecretFiles.check(file);
    }
    assertThat(warnings.list).isEmpty();

    Path writable = file("rw-rw----");
    Files.setAttribute(writable, "unix:uid", NOBODY);
    SecretFiles.check(writable);

    assertThat(told()).containsExactly(writable + " rw-rw----");
  }

  @Test
  void aFileOfOurOwnIsTakenAwayFromOthersOnceAndThatIsSaid() throws IOException {
    Path file = file("rwxrw-rw-");

    SecretFiles.makePrivate(file);
    SecretFiles.makePrivate(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwx------");
    assertThat(told()).containsExactly(file + " rwxrw-rw-");
  }

  @Test
  void aFileThatIsNotThereIsLeftToItsReader() {
    SecretFiles.check(folder.resolve("missing"));
    SecretFiles.makePrivate(folder.resolve("missing"));

    assertThat(warnings.list).isEmpty();
  }

  @Test
  void secretsOfAFolderAreLookedAtBeforeTheyAreUsed() throws IOException {
    Path secret = file("rw-r--r--");
    Files.writeString(secret, "value");

    var _ = new SecretReferences(Map.of(), folder).resolve("secret://file/" + secret.getFileName());

    assertThat(told()).containsExactly(secret + " rw-r--r--");
  }

  private Path file(String mode) throws IOException {
    Path file = Files.createTempFile(folder, "secret", "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  private List<String> told() {
    return warnings.list.stream()
        .map(event ->
            event.getKeyValuePairs().get(0).value + " " + event.getKeyValuePairs().get(1).value)
        .toList();
  }
}
