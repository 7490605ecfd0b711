package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresServerIT {
  private static final Path CACHE = Installation.folderOf(PostgresServer.class);

  @TempDir Path home;

  private final int port = FreePorts.find();

  @Test
  void keepsItsRowsOverARestartAndOverAKill() throws Exception {
    try (PostgresServer server = start();
        Connection connection = server.address().connect("slipway");
        Statement statement = connection.createStatement()) {
      statement.execute("create table kept (n int)");
      statement.execute("insert into kept values (42)");
    }
    long killed;
    try (PostgresServer server = start()) {
      assertThat(query(server, "select n from kept")).isEqualTo("42");
      killed = server.pid();
      Signal.end(killed, List.of(new Signal("KILL", Duration.ofSeconds(5))));
    }

    try (PostgresServer server = start()) {
      assertThat(query(server, "select n from kept")).isEqualTo("42");
    }
  }

  @Test
  void endsTheOrphanOfItsOwnFolderAndTakesOver() throws Exception {
    PostgresServer orphan = start(); // never closed: what a killed JVM leaves behind

    try (PostgresServer server = start()) {
      assertThat(ProcessHandle.of(orphan.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(query(server, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void startsInSpiteOfAProcessIdThatIsSomebodyElsesNow() throws Exception {
    start().close();
    Files.writeString(
        home.resolve("data/postmaster.pid"), ProcessHandle.current().pid() + "\n" + home + "\n");

    try (PostgresServer server = start()) {
      assertThat(query(server, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void ownsADatabaseWithoutBeingASuperuserAndFlushes() throws Exception {
    try (PostgresServer server = start()) {
      assertThat(query(server, "select rolsuper from pg_roles where rolname = current_user"))
          .isEqualTo("f");
      assertThat(query(server, "show fsync")).isEqualTo("on");
      assertThat(query(server, "show password_encryption")).isEqualTo("scram-sha-256");
      assertThat(query(server, "select datdba::regrole from pg_database where datname='slipway'"))
          .isEqualTo("slipway");
    }
  }

  private PostgresServer start() {
    return PostgresServer.start(home, CACHE, home.resolve("log"), port, "p'w", Map.of());
  }

  private static String query(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = server.address().connect("slipway");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
