package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Table `ledger`, a row for each key, with a place for one failure at each named point.
public final class LedgerStore implements StateStore<Ledger, Ledger.Input, Ledger.Added> {
  private final AtomicReference<@Nullable Event> afterClaim = new AtomicReference<>();
  private final AtomicReference<@Nullable Event> beforeCommit = new AtomicReference<>();

  /// Something that happens in the middle of a transaction.
  @FunctionalInterface
  public interface Event {
    /// Happens; what it adds to the flight is sent with it.
    void happen(Flight flight);
  }

  /// Happens once, when ids are claimed and no state is read yet.
  public void onceAfterClaim(Event event) {
    afterClaim.set(event);
  }

  /// Happens once, when states are written and positions are not.
  public void onceBeforeCommit(Event event) {
    beforeCommit.set(event);
  }

  /// Whether what was to happen has happened.
  public boolean quiet() {
    return afterClaim.get() == null && beforeCommit.get() == null;
  }

  /// Ends the connection of the transaction, as an operator or a crash would.
  public static void cut(Flight flight) {
    var _ = flight.query("select pg_terminate_backend(pg_backend_pid())", _ -> true);
  }

  /// Makes the transaction last longer.
  static void sleep(Flight flight, int seconds) {
    var _ = flight.query("select pg_sleep(?)", _ -> true, seconds);
  }

  private static void once(AtomicReference<@Nullable Event> place, Flight flight) {
    Event event = place.getAndSet(null);
    if (event != null) {
      event.happen(flight);
    }
  }

  @Override
  public Supplier<Loaded<Ledger>> load(
      Flight flight, SortedMap<AggregateId, List<Ledger.Input>> inputs) {
    once(afterClaim, flight);
    Answer<List<Map.Entry<String, Ledger>>> rows =
        flight.query(
            "select * from ledger where name = any(?) order by name for update",
            row ->
                Map.entry(
                    Columns.required(row, "name", String.class),
                    Ledger.parse(Columns.required(row, "entries", String.class))),
            (Object) Columns.of(inputs.keySet(), AggregateId::key, String[]::new));
    return () ->
        Loaded.of(
            rows.get().stream()
                .collect(
                    Collectors.toMap(
                        row -> new AggregateId("default", row.getKey()),
                        row -> new Stored<>(row.getValue(), 0))));
  }

  @Override
  public Runnable write(Flight flight, Collection<Change<Ledger, Ledger.Added>> changes) {
    List<Change<Ledger, Ledger.Added>> made =
        changes.stream().filter(change -> change.before() == null).toList();
    List<Change<Ledger, Ledger.Added>> changed =
        changes.stream().filter(change -> change.before() != null).toList();
    var _ =
        flight.update(
            "insert into ledger (name, entries) select * from unnest(?::text[], ?::text[])",
            names(made),
            texts(made));
    Answer<Integer> updated =
        flight.update(
            """
            update ledger l set entries = n.entries from unnest(?::text[], ?::text[]) as n (name, entries)
            where l.name = n.name
            """,
            names(changed),
            texts(changed));
    once(beforeCommit, flight);
    return () -> {
      if (updated.get() != changed.size()) {
        throw new ConflictException("a row of the ledger is gone", null);
      }
    };
  }

  private static Object names(List<Change<Ledger, Ledger.Added>> changes) {
    return Columns.of(changes, change -> change.id().key(), String[]::new);
  }

  private static Object texts(List<Change<Ledger, Ledger.Added>> changes) {
    return Columns.of(changes, change -> change.after().state().text(), String[]::new);
  }

  @Override
  public List<StateTable> tables() {
    return List.of(StateTable.of("ledger"));
  }
}
