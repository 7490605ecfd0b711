package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pr.delivery.DeliveryTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// A Postgres of the benchmark's own with one schema, in the settings that an installation has.
///
/// @param schema that has been migrated
public record BenchDatabase(PostgresServer server, int port, String schema, Database database)
    implements AutoCloseable {
  /// What the stage writes.
  private static final List<String> TABLES =
      List.of(
          "pr.delivery",
          "pr.inbox",
          "pr.repository",
          "pr.repository_name",
          "pr.pull_request",
          "pr.commit_check",
          "pr.pull_request_comment",
          "pr.workflow_run",
          "pr.pull_request_event",
          "pr.sandbox",
          "pr.outbox");

  public static final String USER = "slipway";
  public static final String PASSWORD = "bench";

  /// With the schema of pr-service.
  public static BenchDatabase start(Path folder) {
    return start(folder, "pr");
  }

  /// With the schema whose migrations are in `db/migration/<schema>`.
  public static BenchDatabase start(Path folder, String schema) {
    int port = FreePorts.find();
    PostgresServer server = PostgresServer.start(folder, port, PASSWORD);
    DatabaseProperties properties =
        new Binder(new MapConfigurationPropertySource(Map.of("slipway.database.url", server.url())))
            .bind("slipway.database", DatabaseProperties.class)
            .get();
    Migrations.migrate(properties, schema);
    return new BenchDatabase(server, port, schema, Database.of(properties, schema));
  }

  /// `pgbench` writing what the stage writes, from an empty database on: so many deliveries each
  /// time, since the more there are, the more the next one costs.
  ///
  /// @param scripts folder for them
  public Contestant pgbenchStage(Path scripts, int batch, int deliveries) {
    DeliveryTrial _ = new DeliveryTrial(database, 0); // puts down the position that it locks
    PgBench pgbench = pgbench(scripts).stage(batch);
    return new Contestant() {
      @Override
      public String name() {
        return pgbench.name();
      }

      // the duration is not used: it is the deliveries that are counted
      @Override
      public Sample run(Duration duration) throws IOException, InterruptedException {
        return pgbench.run(deliveries / batch);
      }
    };
  }

  /// `pgbench` writing what one request at a time comes to.
  ///
  /// @param scripts folder for them
  public Contestant pgbenchRequests(Path scripts, int clients) {
    return pgbench(scripts).requests(clients);
  }

  PgBench.Server pgbench(Path scripts) {
    return new PgBench.Server(scripts, server.url(), schema);
  }

  /// Takes all deliveries away.
  void empty() throws IOException {
    execute("truncate " + String.join(", ", TABLES));
  }

  /// Does now what autovacuum would do within minutes.
  void analyze() throws IOException {
    execute("vacuum analyze " + String.join(", ", TABLES));
  }

  /// How many rows each of these tables has.
  Map<String, Long> rows() throws IOException {
    var rows = new TreeMap<String, Long>();
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (String table : TABLES) {
        try (var count = statement.executeQuery("select count(*) from " + table)) {
          boolean _ = count.next();
          rows.put(table, count.getLong(1));
        }
      }
    } catch (SQLException e) {
      throw new IOException("could not count rows", e);
    }
    return rows;
  }

  /// Its address for drivers that get [#USER] and [#PASSWORD] apart from it.
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/slipway";
  }

  /// As the owner of everything.
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl(), USER, PASSWORD);
  }

  private void execute(String sql) throws IOException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException("could not " + sql, e);
    }
  }

  @Override
  public void close() {
    database.close();
    server.close();
  }
}
