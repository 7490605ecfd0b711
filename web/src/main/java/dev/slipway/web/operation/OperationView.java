package dev.slipway.web.operation;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.web.ContextView;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An operation as the API shows it.
///
/// @param attempt how many workers have taken it
/// @param result what there was of it; null as long as there is nothing
/// @param version its aggregate's
public record OperationView(
    UUID operationId,
    String kind,
    State state,
    Target target,
    int attempt,
    @Nullable JsonNode result,
    @Nullable FailureView failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant deadlineAt,
    ContextView context,
    long version) {
  /// Columns of table `operation`, under the name `o`, that [#of] reads besides `deadline_at`.
  public static final String COLUMNS =
      "o.operation_id, o.kind, o.state as operation_state, o.epoch, o.result, o.failure_code, o.failure_message,"
          + " o.failure_retryable, o.created_at, o.started_at, o.finished_at";

  private static final JsonMapper JSON = JsonMapper.shared();

  /// What it is done for.
  public record Target(@Nullable UUID sandboxId, @Nullable UUID taskId) {
    static Target of(ContextView context) {
      return new Target(context.sandboxId(), context.taskId());
    }
  }

  /// How far it has come.
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    boolean hasEnded() {
      return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
  }

  /// One that was asked for at this moment.
  ///
  /// @param deadlineAt until when it is tried; null for ever
  public static OperationView queued(
      UUID id,
      String kind,
      Instant at,
      @Nullable Instant deadlineAt,
      ContextView context,
      long version) {
    return new OperationView(
        id,
        kind,
        State.QUEUED,
        Target.of(context),
        0,
        null,
        null,
        at,
        null,
        null,
        deadlineAt,
        context,
        version);
  }

  /// One as its row says.
  ///
  /// @param row has [#COLUMNS], and when it must have ended as `deadline_at`
  public static OperationView of(Readable row, ContextView context, long version) {
    String result = Columns.json(row, "result");
    return new OperationView(
        Columns.required(row, "operation_id", UUID.class),
        Columns.required(row, "kind", String.class),
        State.valueOf(Columns.required(row, "operation_state", String.class)),
        Target.of(context),
        Columns.required(row, "epoch", Integer.class),
        result == null ? null : JSON.readTree(result),
        failure(row),
        Columns.required(row, "created_at", Instant.class),
        row.get("started_at", Instant.class),
        row.get("finished_at", Instant.class),
        row.get("deadline_at", Instant.class),
        context,
        version);
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

  public boolean hasEnded() {
    return state.hasEnded();
  }
}
