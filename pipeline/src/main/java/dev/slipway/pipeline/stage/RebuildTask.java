package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import java.util.List;
import java.util.UUID;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// A rebuild that is to be run, or runs.
///
/// @param attempt which it is, counted from one
record RebuildTask(UUID rebuildId, int attempt) {

  /// Whether the stage has one.
  static Mono<Boolean> isWanted(DatabaseClient client, short stageId) {
    return client
        .sql("select exists (select from rebuild where stage_id = $1 and state = 'RUNNING') as it")
        .bind(0, stageId)
        .map(row -> Columns.required(row, "it", Boolean.class))
        .one();
  }

  /// Begins the oldest, anew when it was begun before; empty when there is none.
  static Mono<RebuildTask> begin(DatabaseClient client, short stageId) {
    return client
        .sql(
            """
            update rebuild set attempt = attempt + 1, progress_percent = 0, records = 0
            where rebuild_id = (
              select rebuild_id from rebuild where stage_id = $1 and state = 'RUNNING'
              order by created_at, rebuild_id limit 1)
            returning rebuild_id, attempt
            """)
        .bind(0, stageId)
        .map(row ->
            new RebuildTask(
                Columns.required(row, "rebuild_id", UUID.class),
                Columns.required(row, "attempt", Integer.class)))
        .one();
  }

  /// Tells how far it is.
  Mono<Void> progress(DatabaseClient client, int percent, long records) {
    return client
        .sql("update rebuild set progress_percent = $2, records = $3 where rebuild_id = $1")
        .bind(0, rebuildId)
        .bind(1, percent)
        .bind(2, records)
        .then();
  }

  /// Ends it without a result.
  ///
  /// @param reason for people
  Mono<Void> stop(DatabaseClient client, String reason) {
    return end(client, "STOPPED", reason);
  }

  /// Ends it with what was found.
  Mono<Void> done(
      DatabaseClient client,
      long records,
      List<TableComparison> tables,
      List<RowDifference> differences) {
    return progress(client, 100, records)
        .then(putTables(client, tables))
        .then(putDifferences(client, differences))
        .then(end(client, "DONE", null));
  }

  private Mono<Void> end(DatabaseClient client, String state, @Nullable String reason) {
    return client
        .sql(
            """
            update rebuild set state = $2, reason = $3, finished_at = now()
            where rebuild_id = $1 and state = 'RUNNING'
            """)
        .bind(0, rebuildId)
        .bind(1, state)
        .bind(2, Columns.nullable(reason, String.class))
        .then();
  }

  private Mono<Void> putTables(DatabaseClient client, List<TableComparison> tables) {
    return client
        .sql(
            """
            insert into rebuild_table (
              rebuild_id, n, table_name, live_rows, missing, unexpected, different, left_out)
            select $1, n, table_name, live_rows, missing, unexpected, different, left_out::text[]
            from unnest($2::int[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
              as t (n, table_name, live_rows, missing, unexpected, different, left_out)
            """)
        .bind(0, rebuildId)
        .bind(1, numbers(tables))
        .bind(2, Columns.of(tables, TableComparison::table, String[]::new))
        .bind(3, longs(tables, TableComparison::rows))
        .bind(4, longs(tables, TableComparison::missing))
        .bind(5, longs(tables, TableComparison::unexpected))
        .bind(6, longs(tables, TableComparison::different))
        // an array within an array is no array of arrays in Postgres
        .bind(
            7,
            Columns.of(
                tables, table -> "{" + String.join(",", table.leftOut()) + "}", String[]::new))
        .then();
  }

  private Mono<Void> putDifferences(DatabaseClient client, List<RowDifference> differences) {
    return client
        .sql(
            """
            insert into rebuild_difference (
              rebuild_id, n, table_name, row_key, column_name, live, rebuilt)
            select $1, n, table_name, row_key, column_name, live, rebuilt
            from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as t (n, table_name, row_key, column_name, live, rebuilt)
            """)
        .bind(0, rebuildId)
        .bind(1, numbers(differences))
        .bind(2, Columns.of(differences, RowDifference::table, String[]::new))
        .bind(3, Columns.of(differences, RowDifference::key, String[]::new))
        .bind(4, Columns.of(differences, RowDifference::column, String[]::new))
        .bind(5, Columns.of(differences, RowDifference::live, String[]::new))
        .bind(6, Columns.of(differences, RowDifference::rebuilt, String[]::new))
        .then();
  }

  private static Integer[] numbers(List<?> rows) {
    return IntStream.range(0, rows.size()).boxed().toArray(Integer[]::new);
  }

  private static Long[] longs(List<TableComparison> tables, ToLongFunction<TableComparison> field) {
    return tables.stream().map(field::applyAsLong).toArray(Long[]::new);
  }
}
