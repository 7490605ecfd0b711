package dev.slipway.pipeline.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.stream.Collectors;

/// Connections of role `slipway_stage`, for threads that wait.
final class StagePool {
  private StagePool() {}

  /// Connects at the first use, so that a start does not depend on Postgres. Whole tables are not
  /// read where an index tells the rows: stages look up a few hundred keys, and for so many
  /// Postgres would rather read a table that is not yet large than look into its index. Nor are
  /// statements compiled, which earlier versions would do for each that has no other way.
  ///
  /// @param synchronousCommit `off` where what is written need not survive a crash of Postgres
  static HikariDataSource of(
      DatabaseProperties properties, String schema, int connections, String synchronousCommit) {
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
    long timeoutMillis = properties.stageTimeout().toMillis();
    var config = new HikariConfig();
    config.setPoolName("stage-" + schema);
    config.setJdbcUrl(url.jdbcUrl());
    config.setUsername(url.user());
    config.setPassword(url.password());
    config.setAutoCommit(false);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(0);
    config.setIdleTimeout(600_000);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(
        Math.max(250, properties.acquireTimeout().plus(properties.connectTimeout()).toMillis()));
    Map.of(
            "ApplicationName",
            "slipway-" + schema,
            "connectTimeout",
            Long.toString(Math.max(1, properties.connectTimeout().toSeconds())),
            // above the server's own limit, which tells more
            "socketTimeout",
            Long.toString(timeoutMillis / 1_000 + 5),
            "tcpKeepAlive",
            "true",
            // statements are few, and each runs for as long as the process does
            "prepareThreshold",
            "1",
            "options",
            options(
                Map.of(
                    "role",
                    "slipway_stage",
                    "search_path",
                    schema,
                    "plan_cache_mode",
                    "auto",
                    "jit",
                    "off",
                    "enable_seqscan",
                    "off",
                    "enable_hashjoin",
                    "off",
                    "enable_mergejoin",
                    "off",
                    "synchronous_commit",
                    synchronousCommit,
                    "statement_timeout",
                    Long.toString(timeoutMillis),
                    "idle_in_transaction_session_timeout",
                    Long.toString(timeoutMillis * 2))))
        .forEach(config::addDataSourceProperty);
    return new HikariDataSource(config);
  }

  /// PostgreSQL manual, 34.1.2, `options`.
  private static String options(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining(" "));
  }
}
