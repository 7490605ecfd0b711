package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.RetryableException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings a service's schema up to date: first what every stage keeps (`db/migration/pipeline`),
/// then the service's own (`db/migration/<schema>`), each with a history table of its own because
/// both count from one.
public final class Migrations {
  private Migrations() {}

  /// Runs what has not run yet. Waits for Postgres as long as `startTimeout` says.
  ///
  /// @throws IllegalStateException when the login may see and do everything, so that row-level
  ///   security would be idle
  /// @throws RetryableException when Postgres does not answer for that long
  public static void migrate(DatabaseProperties properties, String schema) {
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
    try {
      flyway(url, schema, "pipeline", properties.startTimeout()).migrate();
      refuseSuperuser(url);
      flyway(url, schema, schema, properties.startTimeout()).migrate();
    } catch (FlywayException e) {
      if (e.getCause() instanceof SQLException cause
          && DatabaseErrors.translate(cause) instanceof RetryableException away) {
        throw away;
      }
      throw e;
    }
  }

  /// Makes the same tables in another schema.
  ///
  /// @param service the service's schema, whose tables they are
  static void repeat(DatabaseProperties properties, String service, String schema) {
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
    flyway(url, schema, "pipeline", properties.connectTimeout()).migrate();
    flyway(url, schema, service, properties.connectTimeout()).migrate();
  }

  private static Flyway flyway(DatabaseUrl url, String schema, String part, Duration patience) {
    return Flyway.configure()
        .dataSource(url.jdbcUrl(), url.user(), url.password())
        .connectRetries((int) patience.toSeconds())
        .connectRetriesInterval(1)
        .schemas(schema)
        .defaultSchema(schema)
        .table("migration_" + part)
        .locations("classpath:db/migration/" + part)
        .failOnMissingLocations(true)
        // the other part has filled the schema; version 0 stands before every migration of ours
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .load();
  }

  private static void refuseSuperuser(DatabaseUrl url) {
    var login = new Properties();
    login.setProperty("user", url.user());
    login.setProperty("password", url.password());
    try (var connection = DriverManager.getConnection(url.jdbcUrl(), login);
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select rolsuper or rolbypassrls from pg_roles where rolname = current_user")) {
      if (row.next() && row.getBoolean(1)) {
        throw new IllegalStateException(
            "the login "
                + url
                + " is a superuser or bypasses row-level security: give Slipway a login of its own");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot ask who the login is at " + url, e);
    }
  }
}
