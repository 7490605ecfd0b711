package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Table `operation`.
public final class Operations {
  private final short stageId;

  public Operations(short stageId) {
    this.stageId = stageId;
  }

  /// An operation that is to be made.
  ///
  /// @param request what the worker must know, as JSON
  record Wanted(
      UUID id, AggregateId aggregate, String kind, String request, @Nullable String traceparent) {}

  /// An operation that is ours until the lease lapses.
  ///
  /// @param epoch which lease of it this is: 1, 2, 3 …; an outcome counts only under the newest
  /// @param request what the worker must know, as JSON
  public record Leased(
      UUID id,
      int epoch,
      AggregateId aggregate,
      String kind,
      String request,
      @Nullable String traceparent) {}

  /// Takes operations that nobody has, or whose lease has lapsed, the oldest first.
  ///
  /// @param worker who takes them
  /// @param lease how long they are his
  public List<Leased> lease(Transaction transaction, String worker, int most, Duration lease) {
    return transaction.query(
        """
        update operation o set
          state = 'RUNNING', epoch = o.epoch + 1, worker = ?, started_at = coalesce(o.started_at, now()),
          leased_until = clock_timestamp() + make_interval(secs => ?)
        from (
          select operation_id from operation
          where stage_id = ? and (state = 'QUEUED' or state = 'RUNNING' and leased_until < clock_timestamp())
          order by created_at, operation_id
          limit ?
          for update skip locked) as free
        where o.operation_id = free.operation_id
        returning o.operation_id, o.epoch, o.tenant, o.key, o.kind, o.request::text as request, o.traceparent
        """,
        Operations::leased,
        worker,
        lease.toMillis() / 1000.0,
        stageId,
        most);
  }

  private static Leased leased(Readable row) {
    return new Leased(
        Columns.required(row, "operation_id", UUID.class),
        Columns.required(row, "epoch", Integer.class),
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "key", String.class)),
        Columns.required(row, "kind", String.class),
        Columns.required(row, "request", String.class),
        row.get("traceparent", String.class));
  }

  /// Puts down operations; those that are there already stay as they are.
  void want(Flight flight, List<Wanted> wanted) {
    if (!wanted.isEmpty()) {
      var _ =
          flight.update(
              """
              insert into operation (operation_id, stage_id, tenant, key, kind, request, traceparent)
              select id, ?, tenant, key, kind, request::jsonb, traceparent
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                as k (id, tenant, key, kind, request, traceparent)
              on conflict do nothing
              """,
              stageId,
              Columns.of(wanted, Wanted::id, UUID[]::new),
              Columns.of(wanted, row -> row.aggregate().tenant(), String[]::new),
              Columns.of(wanted, row -> row.aggregate().key(), String[]::new),
              Columns.of(wanted, Wanted::kind, String[]::new),
              Columns.of(wanted, Wanted::request, String[]::new),
              Columns.of(wanted, Wanted::traceparent, String[]::new));
    }
  }

  /// Locks these, and reads those that run.
  Answer<List<Leased>> lock(Flight flight, Collection<UUID> ids) {
    return flight.query(
        """
        select operation_id, epoch, tenant, key, kind, request::text as request, traceparent from operation
        where stage_id = ? and operation_id = any(?) and state = 'RUNNING'
        order by operation_id
        for update
        """,
        Operations::leased,
        stageId,
        ids.toArray(UUID[]::new));
  }

  /// Puts down how operations ended.
  void end(Flight flight, Collection<Ended> ended) {
    if (!ended.isEmpty()) {
      var _ =
          flight.update(
              """
              update operation o set
                state = case when k.failure_code is null then 'SUCCEEDED' else 'FAILED' end,
                failure_code = k.failure_code, result = k.result::jsonb, leased_until = null, finished_at = now()
              from unnest(?::uuid[], ?::text[], ?::text[]) as k (id, failure_code, result)
              where o.operation_id = k.id
              """,
              Columns.of(ended, Ended::id, UUID[]::new),
              Columns.of(ended, row -> row.ending().failureCode(), String[]::new),
              Columns.of(ended, row -> row.ending().result(), String[]::new));
    }
  }

  /// An operation that is no longer to be made.
  record Ended(UUID id, Ask.Ending ending) {}
}
