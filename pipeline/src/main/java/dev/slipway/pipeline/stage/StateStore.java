package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The SQL of a stage's states, a batch at a time: a handful of statements, however large the
/// batch. [Table] is what most stages need; one writes its own where rows are what it is about.
public interface StateStore<S, I, E> {
  /// Adds statements that lock these aggregates, in ascending order, and then read them. All in one
  /// flight: what depends on another row is joined to it.
  ///
  /// @param inputs what each aggregate is going to be told, so that of a large one only what that
  ///   can touch is read
  /// @return the states, once the flight is back
  Supplier<Loaded<S>> load(Flight flight, SortedMap<AggregateId, List<I>> inputs);

  /// Adds statements that write states which were changed, new aggregates included.
  ///
  /// @return checks, once the flight is back, that everything was written; throws a
  ///   [dev.slipway.pipeline.database.ConflictException] when another transaction was faster
  Runnable write(Flight flight, Collection<Change<S, E>> changes);

  /// Whether an aggregate in this state has its key for itself, where keys are unique over tenants.
  default boolean isOwner(S state) {
    return true;
  }

  /// Adds a statement that tells which of these inputs differ from the one of the same identity
  /// that counts. Asked for those that changed nothing, once all others of their batch are written.
  default @Nullable Answer<List<I>> differing(Flight flight, List<I> repeats) {
    return null;
  }

  /// Whether it writes down what each input came to, besides states.
  default boolean keepsStory() {
    return false;
  }

  /// The tables that it writes, but for such as a rebuild leaves out: all of them, and nothing else
  /// is in them.
  List<StateTable> tables();

  /// What was read.
  ///
  /// @param states without aggregates that nothing has happened to
  /// @param taken aggregates that must not begin: another tenant has one with this key for itself
  record Loaded<S>(Map<AggregateId, Stored<S>> states, Set<AggregateId> taken) {
    public Loaded {
      states = Map.copyOf(states);
      taken = Set.copyOf(taken);
    }

    /// Where tenants may have the same keys.
    public static <S> Loaded<S> of(Map<AggregateId, Stored<S>> states) {
      return new Loaded<>(states, Set.of());
    }
  }

  /// A state and how many events its aggregate has published.
  record Stored<S>(S state, long version) {}

  /// A state that was changed.
  ///
  /// @param before what was read; null for a new aggregate
  /// @param events that brought it from the one to the other
  /// @param chapters what each input came to; empty unless the store keeps the story, and when the
  ///   past is folded
  record Change<S, E>(
      AggregateId id,
      @Nullable Stored<S> before,
      Stored<S> after,
      List<Numbered<E>> events,
      List<Chapter<E>> chapters) {
    /// Without the story.
    public Change(
        AggregateId id, @Nullable Stored<S> before, Stored<S> after, List<Numbered<E>> events) {
      this(id, before, after, events, List.of());
    }
  }

  /// What an input came to.
  record Chapter<E>(Cause cause, List<Numbered<E>> events, List<Asked> asked) {}

  /// What is asked of somebody else.
  ///
  /// @param id of the command's record, or of the operation
  /// @param type of the one, kind of the other
  /// @param topic the command's, as [dev.slipway.schemas.Topics] has it; null for an operation
  record Asked(UUID id, String type, @Nullable String topic) {}
}
