package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What a running installation leaves on the machine.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class InstallationIT {

  @Test
  void theDataDirectoryHoldsWhatTheContractNamesAndOnlyItsOwnerReadsIt(Slipway slipway)
      throws IOException {
    assertThat(permissions(slipway.data())).isEqualTo("rwx------");
    for (String name :
        List.of(
            "token",
            "webhook-secret",
            "github-token",
            "database-password",
            "kafka-password",
            "registry-password")) {
      assertThat(permissions(slipway.data().resolve(name))).as(name).isEqualTo("rw-------");
      assertThat(slipway.file(name)).as(name).matches("[A-Za-z0-9._-]+");
    }
    for (String name : List.of("jwt-keys.json", "endpoints.json", "kafka.properties")) {
      assertThat(permissions(slipway.data().resolve(name))).as(name).isEqualTo("rw-------");
    }
    assertThat(slipway.file("kafka.properties"))
        .isEqualTo(
            """
            bootstrap.servers=127.0.0.1:%d
            security.protocol=SASL_PLAINTEXT
            sasl.mechanism=PLAIN
            sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
            username="slipway" password="%s";
            """
                .formatted(slipway.port() + 3, slipway.file("kafka-password")));
  }

  @Test
  void endpointsSayWhereEachPartIs(Slipway slipway) {
    JsonNode endpoints = slipway.endpoints();
    int port = slipway.port();

    assertThat(new TreeSet<>(endpoints.propertyNames()))
        .contains(
            "slipway",
            "webhooks",
            "github",
            "git",
            "kafka",
            "controller",
            "schema_registry",
            "database")
        .isSubsetOf(
            "slipway",
            "webhooks",
            "events",
            "e2b",
            "github",
            "git",
            "kafka",
            "controller",
            "schema_registry",
            "database");
    assertThat(endpoints.path("slipway").asString()).isEqualTo(slipway.url().toString());
    assertThat(URI.create(endpoints.path("webhooks").asString()))
        .isEqualTo(slipway.url().resolve("/webhooks/github"));
    assertThat(endpoints.path("github").asString())
        .isEqualTo("http://127.0.0.1:%d/api/v3".formatted(port + 2));
    assertThat(endpoints.path("git").asString()).isEqualTo("http://127.0.0.1:" + (port + 2));
    assertThat(endpoints.path("kafka").asString()).isEqualTo("127.0.0.1:" + (port + 3));
    assertThat(endpoints.path("controller").asString()).endsWith("127.0.0.1:" + (port + 4));
    assertThat(endpoints.path("schema_registry").asString())
        .isEqualTo("http://127.0.0.1:%d/apis/ccompat/v7".formatted(port + 5));
    assertThat(URI.create(endpoints.path("database").asString()).getPort()).isEqualTo(port + 6);
    assertThat(endpoints.toString())
        .doesNotContain(
            slipway.file("database-password"),
            slipway.file("github-token"),
            slipway.file("kafka-password"),
            slipway.file("registry-password"));
  }

  @Test
  void nothingListensBeyondTheLoopbackInterfaceOrOnAPortThatIsNotOneOfTheRow(Slipway slipway)
      throws IOException {
    int port = slipway.port();

    assertThat(Sockets.listening(slipway))
        .containsExactly(port, port + 1, port + 2, port + 3, port + 4, port + 5, port + 6);
    assertThat(Sockets.exposed(slipway)).isEmpty();
  }

  @Test
  void theDiskThatIsMeasuredIsThatOfTheDataDirectory(Slipway slipway) {
    assertThat(slipway.api().metric("disk_free_bytes{path=\"" + slipway.data() + "\"}"))
        .isPositive();
  }

  @Test
  void aSecondStartOnADirectoryInUseEndsWithThreeAndTheFirstGoesOn(Slipway slipway) {
    Service second = slipway.startOn(Ports.row(), "up");

    assertThat(second.awaitExit(Slipway.START)).isEqualTo(3);
    assertThat(second.printed()).contains(slipway.data().toString()).doesNotContain("\tat ");
    slipway.api().get("/readyz").is(200);
  }

  @Test
  void noSecretStandsInALogOrACommandLine(Slipway slipway) throws IOException {
    List<String> secrets =
        List.of(
            slipway.file("webhook-secret"),
            slipway.file("database-password"),
            slipway.file("github-token"),
            slipway.file("kafka-password"),
            slipway.file("registry-password"),
            slipway.file("token"),
            SharedInstallation.secretOf(SharedInstallation.ACME));
    slipway.sender().send(Webhook.json("ping", "{}")).is(202);
    slipway.api().get("/api/v1/deliveries").is(200);

    for (ProcessHandle process : slipway.processes()) {
      Path entry = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      assertThat(Files.readString(entry)).doesNotContain(secrets);
    }
    try (Stream<Path> files = Files.walk(slipway.data().resolve("logs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
      }
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
