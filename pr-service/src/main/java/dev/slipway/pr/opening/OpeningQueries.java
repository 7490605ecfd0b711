package dev.slipway.pr.opening;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.web.ContextView;
import dev.slipway.web.operation.OperationView;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of operations at GitHub; row-level security leaves each only its tenant's
/// rows.
final class OpeningQueries {
  private OpeningQueries() {}

  /// An operation, and the head that it is for.
  record Row(String head, OperationView view) {}

  static Mono<Row> find(DatabaseClient client, UUID id) {
    return client
        .sql(
            """
            select %s, o.due_at as deadline_at, o.tenant, o.key, (h.state ->> 'version')::bigint as version
            from operation o join head h on h.tenant = o.tenant and h.name = o.key
            where o.operation_id = $1 and o.stage_id = (select stage_id from stage where name = $2)
            """
                .formatted(OperationView.COLUMNS))
        .bind(0, id)
        .bind(1, HeadStage.NAME)
        .map(row ->
            new Row(
                Columns.required(row, "key", String.class),
                OperationView.of(
                    row,
                    ContextView.of(Columns.required(row, "tenant", String.class)),
                    Columns.required(row, "version", Long.class))))
        .one();
  }
}
