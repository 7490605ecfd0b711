package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Table `deadline`.
final class Deadlines {
  /// Names of the kernel's own: the other side of a link that is new is to be read.
  private static final String OF_LINK = "link:";

  private final short stageId;

  Deadlines(short stageId) {
    this.stageId = stageId;
  }

  /// A row.
  record Deadline(AggregateId id, String name, Instant at) {
    /// The reading of a link that is new.
    static Deadline of(AggregateId id, Link link, Instant now) {
      return new Deadline(id, OF_LINK + link.kind() + ":" + link.value(), now);
    }

    /// The link whose other side is to be read; empty for a deadline of the state.
    Optional<Link> link() {
      if (!name.startsWith(OF_LINK)) {
        return Optional.empty();
      }
      String[] parts = name.split(":", 3);
      return Optional.of(new Link(id.tenant(), parts[1], parts[2], false));
    }
  }

  /// What is due, the oldest first.
  List<Deadline> due(Transaction transaction, int most) {
    return transaction.query(
        """
        select tenant, key, name, due_at from deadline
        where stage_id = ? and armed and due_at <= clock_timestamp()
        order by due_at
        limit ?
        """,
        Deadlines::deadline,
        stageId,
        most);
  }

  /// How long until the next is due.
  Optional<Duration> next(Transaction transaction) {
    return transaction
        .query(
            """
            select greatest(0, ceil(extract(epoch from min(due_at) - clock_timestamp()) * 1000))::bigint as millis
            from deadline where stage_id = ? and armed
            having min(due_at) is not null
            """,
            row -> Duration.ofMillis(Columns.required(row, "millis", Long.class)),
            stageId)
        .stream()
        .findFirst();
  }

  /// Reads those of these that still stand, under the lock of their aggregates.
  Answer<List<Deadline>> standing(Flight flight, Collection<Deadline> asked) {
    return flight.query(
        """
        select d.tenant, d.key, d.name, d.due_at from deadline d
        join unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[]) as k (tenant, key, name, due_at)
          using (tenant, key, name, due_at)
        where d.stage_id = ? and d.armed
        """,
        Deadlines::deadline,
        tenants(asked),
        keys(asked),
        names(asked),
        times(asked),
        stageId);
  }

  private static Deadline deadline(Readable row) {
    return new Deadline(
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "key", String.class)),
        Columns.required(row, "name", String.class),
        Columns.required(row, "due_at", Instant.class));
  }

  /// Sets these, whatever they were.
  void set(Flight flight, Collection<Deadline> deadlines) {
    if (!deadlines.isEmpty()) {
      var _ =
          flight.update(
              """
              insert into deadline (stage_id, tenant, key, name, due_at)
              select ?, * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])
              on conflict (stage_id, tenant, key, name) do update set due_at = excluded.due_at, armed = true
              """,
              stageId,
              tenants(deadlines),
              keys(deadlines),
              names(deadlines),
              times(deadlines));
    }
  }

  /// These stand no more.
  void remove(Flight flight, Collection<Deadline> deadlines) {
    if (!deadlines.isEmpty()) {
      var _ =
          flight.update(
              """
              delete from deadline d using unnest(?::text[], ?::text[], ?::text[]) as k (tenant, key, name)
              where d.stage_id = ? and d.tenant = k.tenant and d.key = k.key and d.name = k.name
              """,
              tenants(deadlines),
              keys(deadlines),
              names(deadlines),
              stageId);
    }
  }

  /// These were due and changed nothing: they wait until the state sets them again.
  void disarm(Flight flight, Collection<Deadline> deadlines) {
    if (!deadlines.isEmpty()) {
      var _ =
          flight.update(
              """
              update deadline d set armed = false
              from unnest(?::text[], ?::text[], ?::text[]) as k (tenant, key, name)
              where d.stage_id = ? and d.tenant = k.tenant and d.key = k.key and d.name = k.name
              """,
              tenants(deadlines),
              keys(deadlines),
              names(deadlines),
              stageId);
    }
  }

  private static Object tenants(Collection<Deadline> rows) {
    return Columns.of(rows, row -> row.id().tenant(), String[]::new);
  }

  private static Object keys(Collection<Deadline> rows) {
    return Columns.of(rows, row -> row.id().key(), String[]::new);
  }

  private static Object names(Collection<Deadline> rows) {
    return Columns.of(rows, Deadline::name, String[]::new);
  }

  private static Object times(Collection<Deadline> rows) {
    return Columns.of(rows, Deadline::at, Instant[]::new);
  }
}
