package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Flight;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// States with a place for one failure at each named point of a transaction.
///
/// @param <S> state
/// @param <I> input
/// @param <E> event
final class FaultyStates<S, I, E> implements StateStore<S, I, E> {
  private final StateStore<S, I, E> states;
  private final AtomicReference<@Nullable Event> afterClaim = new AtomicReference<>();
  private final AtomicReference<@Nullable Event> beforeCommit = new AtomicReference<>();

  FaultyStates(StateStore<S, I, E> states) {
    this.states = states;
  }

  /// Something that happens in the middle of a transaction.
  @FunctionalInterface
  interface Event {
    void happen(Flight flight);
  }

  /// Happens once, when everything is claimed and no state is read yet.
  void onceAfterClaim(Event event) {
    afterClaim.set(event);
  }

  /// Happens once, when states are decided and nothing is written.
  void onceBeforeCommit(Event event) {
    beforeCommit.set(event);
  }

  /// Whether what was to happen has happened.
  boolean isQuiet() {
    return afterClaim.get() == null && beforeCommit.get() == null;
  }

  /// Ends the connection of the transaction, as an operator or a crash would.
  static void cut(Flight flight) {
    var _ = flight.query("select pg_terminate_backend(pg_backend_pid())::text as t", _ -> "");
  }

  private static void once(AtomicReference<@Nullable Event> place, Flight flight) {
    Event event = place.getAndSet(null);
    if (event != null) {
      event.happen(flight);
    }
  }

  @Override
  public Supplier<Loaded<S>> load(Flight flight, SortedMap<AggregateId, List<I>> inputs) {
    once(afterClaim, flight);
    return states.load(flight, inputs);
  }

  @Override
  public Runnable write(Flight flight, Collection<Change<S, E>> changes) {
    once(beforeCommit, flight);
    return states.write(flight, changes);
  }

  @Override
  public List<StateTable> tables() {
    return states.tables();
  }
}
