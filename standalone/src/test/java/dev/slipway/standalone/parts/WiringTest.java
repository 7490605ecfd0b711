package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.directory.DataDirectory;
import java.nio.file.Path;
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
    assertThat(wiring.registry()).isEqualTo("http://127.0.0.1:8085/apis/ccompat/v7");
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
    assertThat(wiring.registry()).isEqualTo("http://registry");
    assertThat(wiring.database()).isEqualTo("postgresql://u:secret@db:5432/x");
    assertThat(wiring.own()).isEmpty();
    assertThat(Servers.ports(wiring, PORTS)).isEmpty();
  }

  @Test
  void showsNoPassword() {
    Wiring wiring =
        Wiring.of(
            Map.of("DATABASE_URL", "postgresql://u:secret@db:5432/x"),
            PORTS,
            DataDirectory.open(folder));

    assertThat(wiring.databaseWithoutPassword()).isEqualTo("postgresql://u@db:5432/x");
    assertThat(wiring.toString()).doesNotContain("secret");
  }
}
