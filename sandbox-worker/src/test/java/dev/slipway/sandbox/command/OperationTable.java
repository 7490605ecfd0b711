package dev.slipway.sandbox.command;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.sandbox.TestSandboxWorker;

/// What a service has put down of its operations, beside its back.
final class OperationTable {
  private final TestSandboxWorker service;

  OperationTable(TestSandboxWorker service) {
    this.service = service;
  }

  /// The operation that makes a sandbox.
  String creation(String sandbox) {
    return text("select operation_id::text as v from operation where key = ?", sandbox);
  }

  /// How many bytes of a command's output its worker has noted for who comes after him.
  long noted(String operation) {
    return Long.parseLong(
        text("select note->>'stdout' as v from operation where operation_id = ?::uuid", operation));
  }

  private String text(String sql, String id) {
    return service
        .bean(ServiceSchema.class)
        .database()
        .inStage(transaction ->
            transaction.query(sql, row -> Columns.required(row, "v", String.class), id))
        .getFirst();
  }

  /// Does something while nothing that is said of an operation is put down: neither a heartbeat nor
  /// an outcome.
  void whileLocked(String operation, Runnable work) {
    boolean _ =
        service
            .bean(ServiceSchema.class)
            .database()
            .inStage(transaction -> {
              int _ =
                  transaction.update(
                      "update operation set kind = kind where operation_id = ?::uuid", operation);
              work.run();
              return true;
            });
  }

  /// Does something while whoever asks the database about sandboxes or operations waits for it.
  void whileTaken(Runnable work) {
    try (var other = Database.of(service.bean(DatabaseProperties.class), "sandbox")) {
      boolean _ =
          other.inStage(transaction -> {
            int _ = transaction.update("lock table sandbox, operation in access exclusive mode");
            work.run();
            return true;
          });
    }
  }

  /// How many connections to the database are in the middle of something.
  long busyConnections() {
    try (var other = Database.of(service.bean(DatabaseProperties.class), "sandbox")) {
      return other
          .inStage(transaction ->
              transaction.query(
                  """
                  select count(distinct pid) as n from pg_locks
                  where pid <> pg_backend_pid()
                    and database = (select oid from pg_database where datname = current_database())
                  """,
                  row -> Columns.required(row, "n", Long.class)))
          .getFirst();
    }
  }
}
