package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsIT {

  @Test
  void manyProcessesMayStartAtOnce() {
    String url = SharedPostgres.newDatabase();

    IntStream.range(0, 4).parallel().forEach(_ -> Migrations.migrate(properties(url), "ledger"));
  }

  @Test
  void aLoginThatRowLevelSecurityDoesNotBindIsRefused(@TempDir Path home)
      throws IOException, InterruptedException {
    int port = FreePorts.find();
    try (var server = PostgresServer.start(home.resolve("postgres"), port, "test")) {
      openToSuperuser(home.resolve("postgres"), server.pid());
      String url = "postgresql://postgres:s3cr3t@127.0.0.1:" + port + "/slipway";
      await().ignoreExceptions().until(() -> canConnect(port));

      assertThatThrownBy(() -> Migrations.migrate(properties(url), "ledger"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("superuser")
          .hasMessageNotContaining("s3cr3t");
    }
  }

  private static void openToSuperuser(Path home, long pid)
      throws IOException, InterruptedException {
    try (var files = Files.walk(home)) {
      Path access = files.filter(file -> file.endsWith("pg_hba.conf")).findFirst().orElseThrow();
      Files.writeString(
          access, "host all postgres 127.0.0.1/32 trust\n" + Files.readString(access));
    }
    assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(pid)).start().waitFor()).isZero();
  }

  private static boolean canConnect(int port) throws SQLException {
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/slipway";
    try (var connection = DriverManager.getConnection(url, "postgres", "x")) {
      return connection.isValid(5);
    }
  }

  private static DatabaseProperties properties(String url) {
    Duration limit = Duration.ofSeconds(20);
    return new DatabaseProperties(new Secret(url), 2, 2, limit, limit, limit, limit, limit);
  }
}
