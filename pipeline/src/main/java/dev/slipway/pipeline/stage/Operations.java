package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.stage.Ask.Ending;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Table `operation`. A lease is judged by the database's clock, and every write under one checks
/// its epoch.
final class Operations {
  private static final String LEASED =
      "o.operation_id, o.epoch, o.tenant, o.key, o.kind, o.request::text as request, o.note::text as note, o.ordered,"
          + " o.cancel_requested_at is not null as cancelled, o.tries, o.due_at, o.traceparent";

  private final short stageId;

  Operations(short stageId) {
    this.stageId = stageId;
  }

  /// An operation that is to be made.
  ///
  /// @param request what the worker must know, as JSON
  /// @param ordered whether it waits for earlier ones of its aggregate
  /// @param patienceMillis after how long it is no longer begun; null for never
  record Wanted(
      UUID id,
      AggregateId aggregate,
      String kind,
      String request,
      boolean ordered,
      @Nullable Long patienceMillis,
      @Nullable String traceparent) {}

  /// An operation that is no longer wanted.
  record Cancelled(AggregateId aggregate, UUID id) {}

  /// How much a worker can take.
  ///
  /// @param ordered most of those that wait for each other
  /// @param others most of those that overtake: the rest, and those that are cancelled
  record Room(int ordered, int others) {}

  /// Takes operations that nobody has, or whose lease has lapsed, the oldest first.
  ///
  /// @param worker who takes them
  /// @param lease how long they are his
  List<LeasedOperation> lease(Transaction transaction, String worker, Room room, Duration lease) {
    String free =
        """
        select operation_id from operation o
        where stage_id = ? and state in ('QUEUED', 'RUNNING')
          and case state when 'QUEUED' then coalesce(retry_at <= clock_timestamp(), true) else leased_until < clock_timestamp() end
          and %s
        order by operation_no
        limit ?
        for update skip locked
        """;
    // An earlier one that is locked by another worker counts as alive still.
    String first =
        """
        ordered and cancel_requested_at is null and not exists (
          select from operation e
          where e.stage_id = o.stage_id and e.tenant = o.tenant and e.key = o.key and e.ordered
            and e.state in ('QUEUED', 'RUNNING') and e.operation_no < o.operation_no)
        """;
    return transaction.query(
        """
        with first as (%s), other as (%s)
        update operation o set
          state = 'RUNNING', epoch = o.epoch + 1, worker = ?, retry_at = null,
          started_at = coalesce(o.started_at, clock_timestamp()),
          leased_until = clock_timestamp() + make_interval(secs => ?)
        where o.operation_id in (select operation_id from first union all select operation_id from other)
        returning %s
        """
            .formatted(
                free.formatted(first),
                free.formatted("(not ordered or cancel_requested_at is not null)"),
                LEASED),
        Operations::leased,
        stageId,
        room.ordered(),
        stageId,
        room.others(),
        worker,
        lease.toMillis() / 1000.0);
  }

  private static LeasedOperation leased(Readable row) {
    return new LeasedOperation(
        Columns.required(row, "operation_id", UUID.class),
        Columns.required(row, "epoch", Integer.class),
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "key", String.class)),
        Columns.required(row, "kind", String.class),
        Columns.required(row, "request", String.class),
        row.get("note", String.class),
        Columns.required(row, "ordered", Boolean.class),
        Columns.required(row, "cancelled", Boolean.class),
        Columns.required(row, "tries", Integer.class),
        row.get("due_at", Instant.class),
        row.get("traceparent", String.class));
  }

  /// What a worker says of an operation that it has.
  ///
  /// @param note for whoever takes it over, a JSON object; null leaves the last one
  record Beat(LeasedOperation operation, @Nullable String note) {}

  /// Keeps leases.
  ///
  /// @param lease how long they are the worker's from now on, at least
  /// @return which are his still, and whether they are wanted
  List<Kept> keep(Transaction transaction, List<Beat> beats, Duration lease) {
    return transaction.query(
        """
        with k as (
          select * from unnest(?::uuid[], ?::int[], ?::text[]) as k (id, epoch, note)),
        held as (
          select operation_id from operation o join k on o.operation_id = k.id and o.epoch = k.epoch
          where state = 'RUNNING' order by operation_id for update of o)
        update operation o set
          leased_until = greatest(o.leased_until, clock_timestamp() + make_interval(secs => ?)), note = coalesce(k.note::jsonb, o.note)
        from k join held on held.operation_id = k.id
        where o.operation_id = k.id
        returning o.operation_id, o.cancel_requested_at is not null as cancelled
        """,
        row ->
            new Kept(
                Columns.required(row, "operation_id", UUID.class),
                Columns.required(row, "cancelled", Boolean.class)),
        Columns.of(beats, beat -> beat.operation().id(), UUID[]::new),
        Columns.of(beats, beat -> beat.operation().epoch(), Integer[]::new),
        Columns.of(beats, Beat::note, String[]::new),
        lease.toMillis() / 1000.0);
  }

  /// A lease that was kept.
  record Kept(UUID id, boolean cancelled) {}

  /// Gives one back, to be taken again after a pause.
  ///
  /// @param pause null when it was not tried in vain: it may be taken at once
  /// @return false when it was another's by now
  boolean giveBack(Transaction transaction, Beat beat, @Nullable Duration pause) {
    return transaction.update(
            """
            update operation set
              state = 'QUEUED', leased_until = null, worker = null, note = coalesce(?::jsonb, note), tries = tries + ?,
              retry_at = clock_timestamp() + make_interval(secs => ?)
            where operation_id = ? and epoch = ? and state = 'RUNNING'
            """,
            beat.note(),
            pause == null ? 0 : 1,
            pause == null ? 0.0 : pause.toMillis() / 1000.0,
            beat.operation().id(),
            beat.operation().epoch())
        > 0;
  }

  /// Puts down operations.
  ///
  /// @return how many; one that is there already stays as it is, and is not counted
  @Nullable Answer<Integer> want(Flight flight, List<Wanted> wanted) {
    return wanted.isEmpty()
        ? null
        : flight.update(
            """
            insert into operation (operation_id, stage_id, tenant, key, kind, request, ordered, due_at, traceparent)
            select id, ?, tenant, key, kind, request::jsonb, ordered, clock_timestamp() + patience * interval '1 ms', traceparent
            from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bool[], ?::bigint[], ?::text[])
              with ordinality as k (id, tenant, key, kind, request, ordered, patience, traceparent, n)
            order by n
            on conflict (operation_id) do nothing
            """,
            stageId,
            Columns.of(wanted, Wanted::id, UUID[]::new),
            Columns.of(wanted, row -> row.aggregate().tenant(), String[]::new),
            Columns.of(wanted, row -> row.aggregate().key(), String[]::new),
            Columns.of(wanted, Wanted::kind, String[]::new),
            Columns.of(wanted, Wanted::request, String[]::new),
            Columns.of(wanted, Wanted::ordered, Boolean[]::new),
            Columns.of(wanted, Wanted::patienceMillis, Long[]::new),
            Columns.of(wanted, Wanted::traceparent, String[]::new));
  }

  /// Notes that operations are no longer wanted; a worker ends them.
  void cancel(Flight flight, List<Cancelled> cancelled) {
    if (!cancelled.isEmpty()) {
      var _ =
          flight.update(
              """
              with alive as (
                select operation_id from operation o
                join unnest(?::uuid[], ?::text[], ?::text[]) as k (id, tenant, key)
                  on o.operation_id = k.id and o.tenant = k.tenant and o.key = k.key
                where stage_id = ? and state in ('QUEUED', 'RUNNING') and cancel_requested_at is null
                order by operation_id for update of o)
              update operation o set cancel_requested_at = clock_timestamp(), retry_at = null
              from alive where o.operation_id = alive.operation_id
              """,
              Columns.of(cancelled, Cancelled::id, UUID[]::new),
              Columns.of(cancelled, row -> row.aggregate().tenant(), String[]::new),
              Columns.of(cancelled, row -> row.aggregate().key(), String[]::new),
              stageId);
    }
  }

  /// Locks these, and reads those that run.
  Answer<List<LeasedOperation>> lock(Flight flight, Collection<UUID> ids) {
    return flight.query(
        """
        select %s from operation o
        where stage_id = ? and operation_id = any(?) and state = 'RUNNING'
        order by operation_id
        for update
        """
            .formatted(LEASED),
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
                state = k.state, failure_code = k.code, failure_message = k.message, failure_retryable = k.retryable,
                result = k.result::jsonb, note = coalesce(k.note::jsonb, o.note),
                leased_until = null, finished_at = clock_timestamp()
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::bool[], ?::text[], ?::text[])
                as k (id, state, code, message, retryable, result, note)
              where o.operation_id = k.id
              """,
              Columns.of(ended, Ended::id, UUID[]::new),
              Columns.of(ended, row -> row.ending().state().name(), String[]::new),
              Columns.of(ended, failure(Failure::code), String[]::new),
              Columns.of(ended, failure(Failure::message), String[]::new),
              Columns.of(ended, failure(Failure::retryable), Boolean[]::new),
              Columns.of(ended, row -> row.ending().result(), String[]::new),
              Columns.of(ended, row -> row.ending().note(), String[]::new));
    }
  }

  private static <T> Function<Ended, @Nullable T> failure(Function<Failure, T> field) {
    return row -> {
      Failure failure = row.ending().failure();
      return failure == null ? null : field.apply(failure);
    };
  }

  /// An operation that is no longer to be made.
  record Ended(UUID id, Ending ending) {}
}
