package dev.slipway.benchmarks.operation;

import java.sql.Connection;
import java.sql.SQLException;

/// Somebody who makes operations that are kept in Postgres.
interface Engine {
  String name();

  /// Queues one, and comes back when that is committed.
  ///
  /// @param acted called when the act of one of them is over; its outcome is committed after that
  /// @return its id
  String queue(Runnable acted);

  /// How many have no outcome yet.
  long open(Connection database) throws SQLException;

  /// How many have an outcome, which is committed.
  long done(Connection database) throws SQLException;

  /// Whether one has an outcome, which is committed.
  boolean isDone(Connection database, String id) throws SQLException;

  /// The first column of the first row.
  static long number(Connection database, String sql) throws SQLException {
    try (var statement = database.createStatement();
        var rows = statement.executeQuery(sql)) {
      boolean _ = rows.next();
      return rows.getLong(1);
    }
  }
}
