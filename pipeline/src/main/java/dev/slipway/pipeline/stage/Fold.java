package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Positions.Advance;
import dev.slipway.pipeline.stage.StateStore.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/// The pure middle of a stage transaction: decides the entries of a batch in offset order and
/// gathers what follows. Used once, by one thread.
final class Fold<K extends Comparable<K>, S, I, E> {
  private final Stage<K, S, I, E> stage;
  private final boolean forced;
  private final Map<K, S> before;

  // CONFINED: to the one call of `of`
  private final Set<UUID> open;
  private final Map<K, S> states = new HashMap<>();
  private final Set<UUID> rejected = new HashSet<>();
  private final Map<TopicPartition, Advance> advances = new HashMap<>();
  private final List<OutboxRecord> outputs = new ArrayList<>();
  private final List<Decoded<K, I>> idle = new ArrayList<>();

  private Fold(Stage<K, S, I, E> stage, Set<UUID> claimed, Map<K, S> before, boolean forced) {
    this.stage = stage;
    this.before = before;
    this.forced = forced;
    this.open = new HashSet<>(claimed);
  }

  /// @param claimed ids that are ours to decide; of two entries with one id the first counts
  /// @param before states of the aggregates that the claimed entries are for
  /// @param forced whether an entry whose decision is empty was known rather than applied
  static <K extends Comparable<K>, S, I, E> Result<K, S, I> of(
      Stage<K, S, I, E> stage,
      Batch<K, I> batch,
      Set<UUID> claimed,
      Map<K, S> before,
      boolean forced) {
    var fold = new Fold<>(stage, claimed, before, forced);
    batch.spans().forEach(fold::begin);
    batch.entries().forEach(fold::add);
    return fold.result();
  }

  private void begin(TopicPartition partition, Span span) {
    advances.put(partition, new Advance(span.next(), Counts.NONE, 0));
  }

  private void add(Entry<K, I> entry) {
    switch (entry) {
      case Foreign<K, I> _ -> count(entry, Counts.FOREIGN, false);
      case Decoded<K, I> decoded when open.remove(decoded.input().id()) -> decide(decoded);
      case Dead<K, I>(_, var id, _, var input) when open.remove(id) -> {
        boolean changed = input != null && bury(entry, input);
        count(entry, Counts.DEAD, changed);
      }
      case Decoded<K, I> repeated -> {
        idle.add(repeated);
        count(entry, Counts.KNOWN, false);
      }
      case Dead<K, I> _ -> count(entry, Counts.KNOWN, false);
    }
  }

  private void decide(Decoded<K, I> entry) {
    Input<K, I> input = entry.input();
    Decision<E> decision = stage.decider().decide(state(input.key()), input.value());
    boolean changed = evolve(entry, input.key(), decision);
    if (decision.events().isEmpty()) {
      idle.add(entry);
    }
    if (decision.rejected()) {
      rejected.add(input.id());
      count(entry, Counts.REJECTED, changed);
    } else if (forced && decision.events().isEmpty()) {
      count(entry, Counts.KNOWN, changed);
    } else {
      count(entry, Counts.APPLIED, changed);
    }
  }

  private boolean bury(Entry<K, I> entry, Input<K, I> input) {
    return stage
        .deadLettered(input.value())
        .map(told -> evolve(entry, input.key(), stage.decider().decide(state(input.key()), told)))
        .orElse(false);
  }

  private boolean evolve(Entry<K, I> entry, K key, Decision<E> decision) {
    if (decision.events().isEmpty()) {
      return false;
    }
    String traceparent = CloudEvent.traceparent(entry.record().headers());
    for (E event : decision.events()) {
      stage.output(key, event, traceparent).ifPresent(outputs::add);
    }
    S state = state(key);
    S next = stage.decider().fold(state, decision);
    boolean changed = !next.equals(state);
    if (changed) {
      states.put(key, next);
    }
    return changed;
  }

  private S state(K key) {
    S state = states.get(key);
    return state != null ? state : before.getOrDefault(key, stage.decider().initial());
  }

  private void count(Entry<K, I> entry, Counts one, boolean changed) {
    advances.computeIfPresent(entry.partition(), (_, step) -> step.plus(one, changed ? 1 : 0));
  }

  private Result<K, S, I> result() {
    S initial = stage.decider().initial();
    var changed = new HashMap<K, Change<S>>();
    states.forEach((key, state) -> {
      S was = before.getOrDefault(key, initial);
      // one that went back to what it was need not be written
      if (!state.equals(was)) {
        changed.put(key, new Change<>(was, state));
      }
    });
    return new Result<>(
        Map.copyOf(changed),
        List.copyOf(outputs),
        Set.copyOf(rejected),
        List.copyOf(idle),
        Map.copyOf(advances));
  }

  /// @param changed states to write
  /// @param outputs what is published when they are written, in the order it was decided
  /// @param rejected ids whose inbox row says so
  /// @param idle what changed nothing, having been known
  /// @param advances how far each partition comes by it, and what became of its records
  record Result<K, S, I>(
      Map<K, Change<S>> changed,
      List<OutboxRecord> outputs,
      Set<UUID> rejected,
      List<Decoded<K, I>> idle,
      Map<TopicPartition, Advance> advances) {}
}
