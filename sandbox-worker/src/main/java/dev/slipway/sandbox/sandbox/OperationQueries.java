package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.web.operation.OperationView;
import io.r2dbc.spi.Readable;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of operations of sandboxes; row-level security leaves each only its tenant's
/// rows.
final class OperationQueries {
  private OperationQueries() {}

  static Mono<OperationView> find(DatabaseClient client, UUID id) {
    return client
        .sql(
            """
            select %s,
              coalesce(o.due_at, o.started_at + (o.request #>> '{command,timeout}')::interval) as deadline_at,
              s.tenant, s.sandbox_id, s.version, s.state as sandbox
            from operation o join sandbox s on s.tenant = o.tenant and s.sandbox_id = o.key::uuid
            where o.operation_id = $1 and o.stage_id = (select stage_id from stage where name = $2)
            """
                .formatted(OperationView.COLUMNS))
        .bind(0, id)
        .bind(1, SandboxStage.NAME)
        .map(OperationQueries::view)
        .one();
  }

  private static OperationView view(Readable row) {
    var sandbox =
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "sandbox_id", UUID.class).toString());
    SandboxState state = SandboxJson.state(Objects.requireNonNull(Columns.json(row, "sandbox")));
    return OperationView.of(
        row,
        SandboxView.context(sandbox, state.context()),
        Columns.required(row, "version", Long.class));
  }
}
