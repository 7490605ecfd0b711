package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.publish.Wakeup;
import reactor.core.publisher.Mono;

/// What a service with a database brings: its schema, migrated, the pools that reach it, and who is
/// woken when there is something to publish. Several in one process are the normal case: whatever
/// works on rows is given the one that they are in.
///
/// @param name of the schema; its migrations are in `db/migration/<name>`
/// @param wakeup given by whoever has committed rows of the outbox
public record ServiceSchema(String name, Database database, Wakeup wakeup)
    implements AutoCloseable {

  /// Migrates the schema and makes the pools.
  ///
  /// @param disk where the database's files are
  public static ServiceSchema of(String name, DatabaseProperties properties, DiskSpace disk) {
    Migrations.migrate(properties, name);
    return new ServiceSchema(name, Database.of(properties, name, disk), new Wakeup());
  }

  /// Whether the database answers requests of this service.
  public ReadinessCheck readiness() {
    return new ReadinessCheck(
        Part.DATABASE,
        "The database does not answer: start it, or check DATABASE_URL.",
        Mono.defer(() -> database.ping().thenReturn(Finding.up())));
  }

  @Override
  public void close() {
    database.close();
  }
}
