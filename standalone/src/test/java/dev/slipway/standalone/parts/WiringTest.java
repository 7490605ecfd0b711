package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.directory.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WiringTest {
  private static final Ports PORTS = new Ports(8080);

  @TempDir Path folder;

  @Test
  void isTheInstallationsOwnServersWhenNothingElseIsSaid() {
    DataDirectory directory = DataDirectory.open(folder);

    Wiring wiring = Wiring.of(Map.of("DATABASE_URL", " "), PORTS, directory);

    assertThat(wiring.kafka()).isEqualTo("127.0.0.1:8083");
    assertThat(wiring.kafkaClient())
        .containsEntry("security.protocol", "SASL_PLAINTEXT")
        .containsEntry("sasl.mechanism", "PLAIN");
    assertThat(wiring.kafkaClient().get("sasl.jaas.config"))
        .contains("\"" + directory.kafkaPassword() + "\"");
    assertThat(wiring.registry())
        .isEqualTo(
            "http://slipway:%s@127.0.0.1:8085/apis/ccompat/v7"
                .formatted(directory.registryPassword()));
    assertThat(wiring.database())
        .isEqualTo(
            "postgresql://slipway:%s@127.0.0.1:8086/slipway"
                .formatted(directory.databasePassword()));
    assertThat(wiring.own()).containsExactlyInAnyOrder(Wiring.Server.values());
  }

  @Test
  void takesEachServerThatTheEnvironmentNames() {
    Wiring wiring =
        Wiring.of(
            Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
                "SCHEMA_REGISTRY_URL", "http://registry",
                "DATABASE_URL", "postgresql://u:secret@db:5432/x"),
            PORTS,
            DataDirectory.open(folder));

    assertThat(wiring.kafka()).isEqualTo("kafka:9092");
    assertThat(wiring.kafkaClient()).isEmpty();
    assertThat(wiring.registry()).isEqualTo("http://registry");
    assertThat(wiring.database()).isEqualTo("postgresql://u:secret@db:5432/x");
    assertThat(wiring.own()).isEmpty();
    assertThat(Servers.ports(wiring, PORTS)).isEmpty();
  }

  @Test
  void ofAStartedInstallationIsOnThePortsThatItHas() {
    DataDirectory directory = DataDirectory.open(folder);
    Map<String, String> environment = Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
    Wiring started = Wiring.of(environment, new Ports(9_000), directory);
    Servers.endpoints(started, new Ports(9_000)).write(directory);

    assertThat(Wiring.ofStarted(environment, folder)).contains(started);
    assertThat(Wiring.ofStarted(Map.of(), folder.resolve("nothing"))).isEmpty();
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void ofServersElsewhereNeedsNoDataDirectory() {
    Map<String, String> elsewhere =
        Map.of(
            "KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "SCHEMA_REGISTRY_URL", "http://registry:8081",
            "DATABASE_URL", "postgresql://u:secret@db:5432/x");

    assertThat(Wiring.ofStarted(elsewhere, folder.resolve("nothing")))
        .hasValueSatisfying(wiring -> assertThat(wiring.own()).isEmpty());
  }

  @Test
  void showsNoPassword() {
    Wiring wiring =
        Wiring.of(
            Map.of(
                "DATABASE_URL", "postgresql://u:secret@db:5432/x",
                "SCHEMA_REGISTRY_URL", "https://u:secret@one/api,http://v:secret@two:81"),
            PORTS,
            DataDirectory.open(folder));

    assertThat(wiring.databaseWithoutPassword()).isEqualTo("postgresql://u@db:5432/x");
    assertThat(wiring.registryWithoutCredentials()).isEqualTo("https://one/api,http://two:81");
    assertThat(Servers.endpoints(wiring, PORTS).toJson()).doesNotContain("secret");
    assertThat(wiring.toString()).doesNotContain("secret").doesNotContain("password");
  }

  @Test
  void aFileOfAClientsSettingsThatNamesABrokerPutsItInThePlaceOfTheOwn() throws IOException {
    Path file =
        Files.createFile(
            folder.resolve("client.properties"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, "bootstrap.servers=kafka:9092\nsecurity.protocol=SSL\n");

    Wiring wiring =
        Wiring.of(
            Map.of("KAFKA_PROPERTIES_FILE", file.toString()), PORTS, DataDirectory.open(folder));

    assertThat(wiring.kafka()).isEqualTo("kafka:9092");
    assertThat(wiring.own()).doesNotContain(Wiring.Server.KAFKA);
  }

  @Test
  void leavesWhatAForeignClientNeedsForTheOwnBrokerAlone() {
    DataDirectory directory = DataDirectory.open(folder);
    Wiring.of(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"), PORTS, directory).leaveIn(directory);
    assertThat(DataDirectory.kafkaClient(folder, "kafka:9092")).isEmpty();

    Wiring own = Wiring.of(Map.of(), PORTS, directory);
    own.leaveIn(directory);

    assertThat(DataDirectory.kafkaClient(folder, "127.0.0.1:8083"))
        .containsAllEntriesOf(own.kafkaClient());
    assertThat(DataDirectory.kafkaClient(folder, "kafka:9092")).isEmpty();
  }
}
