package dev.slipway.sandbox.command;

import dev.slipway.pipeline.database.Columns;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What a request for output must know of its operation; row-level security leaves each only its
/// tenant's rows.
final class OutputQueries {
  private OutputQueries() {}

  /// An operation.
  ///
  /// @param sandbox where it runs
  /// @param published null when nothing was, yet or ever
  /// @param hasStarted whether a worker has taken it
  /// @param hasEnded whether nothing will be any more
  record Row(String sandbox, @Nullable Published published, boolean hasStarted, boolean hasEnded) {}

  static Mono<Row> find(DatabaseClient client, UUID id) {
    return client
        .sql(
            """
            select key, note, started_at is not null as started, finished_at is not null as ended
            from operation
            where operation_id = $1 and kind = 'run_command'
            """)
        .bind(0, id)
        .map(row ->
            new Row(
                Columns.required(row, "key", String.class),
                Published.parse(Columns.json(row, "note")),
                Columns.required(row, "started", Boolean.class),
                Columns.required(row, "ended", Boolean.class)))
        .one();
  }
}
