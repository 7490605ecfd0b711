package dev.slipway.pipeline.stage;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Tables `rebuild`, `rebuild_table` and `rebuild_difference` as the admin routes use them.
public final class Rebuilds {
  private Rebuilds() {}

  /// Writes a rebuild; the stage finds it within a second or so.
  public static Mono<Void> create(
      DatabaseClient client, UUID rebuildId, String stage, String requestedBy) {
    return client
        .sql(
            """
            insert into rebuild (rebuild_id, stage_id, requested_by)
            select $1, stage_id, $3 from stage where name = $2
            """)
        .bind(0, rebuildId)
        .bind(1, stage)
        .bind(2, requestedBy)
        .then();
  }

  /// Empty when there is no such rebuild.
  public static Mono<RebuildView> find(DatabaseClient client, UUID rebuildId) {
    // INVARIANT: the state is read before the rest, so that of one that is done all is there
    return client
        .sql(
            """
            select r.*, s.name from rebuild r join stage s using (stage_id) where r.rebuild_id = $1
            """)
        .bind(0, rebuildId)
        .map(Rebuilds::head)
        .one()
        .flatMap(head ->
            tables(client, rebuildId)
                .flatMap(tables ->
                    differences(client, rebuildId)
                        .map(differences -> head.with(tables, differences))));
  }

  private static Mono<List<TableComparison>> tables(DatabaseClient client, UUID rebuildId) {
    return client
        .sql("select * from rebuild_table where rebuild_id = $1 order by n")
        .bind(0, rebuildId)
        .map(row ->
            new TableComparison(
                required(row, "table_name", String.class),
                required(row, "live_rows", Long.class),
                required(row, "missing", Long.class),
                required(row, "unexpected", Long.class),
                required(row, "different", Long.class),
                List.of(required(row, "left_out", String[].class))))
        .all()
        .collectList();
  }

  private static Mono<List<RowDifference>> differences(DatabaseClient client, UUID rebuildId) {
    return client
        .sql("select * from rebuild_difference where rebuild_id = $1 order by n")
        .bind(0, rebuildId)
        .map(row ->
            new RowDifference(
                required(row, "table_name", String.class),
                required(row, "row_key", String.class),
                row.get("column_name", String.class),
                row.get("live", String.class),
                row.get("rebuilt", String.class)))
        .all()
        .collectList();
  }

  private static RebuildView head(Readable row) {
    return new RebuildView(
        required(row, "rebuild_id", UUID.class),
        required(row, "name", String.class),
        required(row, "state", String.class),
        row.get("reason", String.class),
        required(row, "requested_by", String.class),
        required(row, "created_at", Instant.class),
        row.get("finished_at", Instant.class),
        required(row, "attempt", Integer.class),
        required(row, "progress_percent", Integer.class),
        required(row, "records", Long.class),
        List.of(),
        List.of());
  }
}
