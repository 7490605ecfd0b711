package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.security.Secret;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class CutConnectionsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int CONNECTIONS = 4;

  /// As a database does that is started anew, and whatever stands between that ends idle
  /// connections.
  @Test
  void noRequestIsGivenAConnectionThatWasCutWhileItWasIdle() throws Exception {
    String url = SharedPostgres.newDatabase();
    Migrations.migrate(properties(url), "ledger");
    try (Database database = Database.of(properties(url), "ledger")) {
      List<Integer> all = together(database);
      assertThat(all).doesNotHaveDuplicates();
      assertThat(cut(url, all)).isEqualTo(CONNECTIONS);

      assertThat(together(database)).doesNotContainAnyElementsOf(all);
    }
  }

  private static DatabaseProperties properties(String url) {
    return new DatabaseProperties(
        new Secret(url),
        2,
        CONNECTIONS,
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(20));
  }

  /// The connections that as many requests at once are given as there may be.
  private static List<Integer> together(Database database) {
    return Flux.range(0, CONNECTIONS)
        .flatMap(_ -> backend(database), CONNECTIONS)
        .collectList()
        .blockOptional(PATIENCE)
        .orElseThrow();
  }

  private static Mono<Integer> backend(Database database) {
    return database.asApi(
        "default",
        client ->
            client.sql("select pg_backend_pid() from pg_sleep(0.2)").mapValue(Integer.class).one());
  }

  /// @return how many of them there were
  private static int cut(String address, List<Integer> backends) throws SQLException {
    DatabaseUrl url = DatabaseUrl.parse(address);
    int cut = 0;
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database()),
                url.user(),
                url.password());
        PreparedStatement statement =
            connection.prepareStatement("select pg_terminate_backend(?, 10000)")) {
      for (int backend : backends) {
        statement.setInt(1, backend);
        try (ResultSet answer = statement.executeQuery()) {
          cut += answer.next() && answer.getBoolean(1) ? 1 : 0;
        }
      }
    }
    return cut;
  }
}
