package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pr.delivery.DeliveryTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// A Postgres of the benchmark's own with pr-service's schema, in the settings that an installation
/// has.
public record BenchDatabase(PostgresServer server, int port, Database database)
    implements AutoCloseable {
  /// What the stage writes.
  private static final String TABLES =
      "pr.delivery, pr.inbox, pr.repository_name, pr.pull_request, pr.commit_check,"
          + " pr.pull_request_comment, pr.workflow_run, pr.pull_request_event, pr.outbox";

  private static final String SCHEMA = "pr";
  private static final String PASSWORD = "bench";

  public static BenchDatabase start(Path folder) {
    int port = FreePorts.find();
    PostgresServer server = PostgresServer.start(folder, port, PASSWORD);
    DatabaseProperties properties =
        new Binder(new MapConfigurationPropertySource(Map.of("slipway.database.url", server.url())))
            .bind("slipway.database", DatabaseProperties.class)
            .get();
    Migrations.migrate(properties, SCHEMA);
    return new BenchDatabase(server, port, Database.of(properties, SCHEMA));
  }

  /// `pgbench` writing what the stage writes, from an empty database on.
  ///
  /// @param scripts folder for them
  public Contestant pgbenchStage(Path scripts, int batch) {
    DeliveryTrial _ = new DeliveryTrial(database, 0); // puts down the position that it locks
    return new PgBench.Server(scripts, server.url()).stage(batch);
  }

  /// Takes all deliveries away.
  void empty() throws IOException {
    execute("truncate " + TABLES);
  }

  /// Does now what autovacuum would do within minutes.
  void analyze() throws IOException {
    execute("vacuum analyze " + TABLES);
  }

  private void execute(String sql) throws IOException {
    try (var connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/slipway", "slipway", PASSWORD);
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
