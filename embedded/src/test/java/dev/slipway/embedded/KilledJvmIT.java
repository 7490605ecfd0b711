package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a JVM leaves behind that is killed with its servers running.
@Tag("slow")
final class KilledJvmIT {
  @TempDir Path home;

  private final int port = FreePorts.find();

  @Test
  void itsPostgresIsEndedByTheNextStart() throws Exception {
    long orphan = killAfterStarting("postgres");
    assertThat(isAlive(orphan)).isTrue();

    try (PostgresServer server = PostgresServer.start(home, port, "test")) {
      assertThat(isAlive(orphan)).isFalse();
      assertThat(isAlive(server.pid())).isTrue();
    }
  }

  @Test
  void itsRegistryIsEndedByTheNextStart() throws Exception {
    long orphan = killAfterStarting("registry");
    assertThat(isAlive(orphan)).isTrue();

    try (RegistryServer server = RegistryServer.start(home, port)) {
      assertThat(isAlive(orphan)).isFalse();
      assertThat(isAlive(server.pid())).isTrue();
    }
  }

  @Test
  void itsPostgresIsLeftAloneByAStartInAnotherFolder() throws Exception {
    long foreign = killAfterStarting("postgres");

    PostgresServer.start(home.resolve("other"), FreePorts.find(), "test").close();

    assertThat(isAlive(foreign)).isTrue();
    PostgresServer.endOrphans(home);
    assertThat(isAlive(foreign)).isFalse();
  }

  @Test
  void itsBrokerServesAgainAfterTheNextStart() throws Exception {
    long _ = killAfterStarting("kafka");

    try (KafkaServer server = KafkaServer.start(home, port, port + 1);
        Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
      assertThat(admin.describeCluster().nodes().get(20, TimeUnit.SECONDS)).hasSize(1);
    }
  }

  private long killAfterStarting(String server) throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                KilledJvm.class.getName(),
                server,
                home.toString(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader reader = jvm.inputReader()) {
      String ready =
          reader.lines().filter(line -> line.startsWith("ready ")).findFirst().orElseThrow();
      jvm.destroyForcibly().waitFor();
      return Long.parseLong(ready.substring("ready ".length()));
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
        && !OsProcess.isZombie(pid);
  }
}
