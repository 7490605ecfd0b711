package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.sandbox.sandbox.OperationView.State;
import dev.slipway.sandbox.sandbox.OperationView.Target;
import dev.slipway.sandbox.sandbox.SandboxView.FailureView;
import dev.slipway.web.ContextView;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
            select o.operation_id, o.kind, o.state, o.epoch, o.result, o.failure_code, o.failure_message,
              o.failure_retryable, o.created_at, o.started_at, o.finished_at,
              coalesce(o.due_at, o.started_at + (o.request #>> '{command,timeout}')::interval) as deadline_at,
              s.tenant, s.sandbox_id, s.version, s.state as sandbox
            from operation o join sandbox s on s.tenant = o.tenant and s.sandbox_id = o.key::uuid
            where o.operation_id = $1 and o.stage_id = (select stage_id from stage where name = $2)
            """)
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
    ContextView context = SandboxView.context(sandbox, state.context());
    String result = Columns.json(row, "result");
    return new OperationView(
        Columns.required(row, "operation_id", UUID.class),
        Columns.required(row, "kind", String.class),
        State.valueOf(Columns.required(row, "state", String.class)),
        Target.of(context),
        Columns.required(row, "epoch", Integer.class),
        result == null ? null : SandboxJson.tree(result),
        failure(row),
        Columns.required(row, "created_at", Instant.class),
        row.get("started_at", Instant.class),
        row.get("finished_at", Instant.class),
        row.get("deadline_at", Instant.class),
        context,
        Columns.required(row, "version", Long.class));
  }

  private static @Nullable FailureView failure(Readable row) {
    String code = row.get("failure_code", String.class);
    return code == null
        ? null
        : new FailureView(
            code,
            Columns.required(row, "failure_message", String.class),
            Columns.required(row, "failure_retryable", Boolean.class),
            row.get("finished_at", Instant.class));
  }
}
