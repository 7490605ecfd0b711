package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Aggregates.Step;
import dev.slipway.pipeline.stage.DeadLetterRows.Waiting;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Positions.Advance;
import dev.slipway.pipeline.stage.SliceResult.Culprit;
import dev.slipway.schemas.Ids;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The part of a [Fold] that decides records.
final class RecordFold<S, I, E> {
  private final Stage<S, I, E> stage;
  private final Mode mode;
  private final Fold.Reads<S, I> reads;
  private final @Nullable UUID replay;
  private final Aggregates<S, I, E> aggregates;

  // CONFINED: to the fold that it belongs to, as all that follow
  private final Set<UUID> open;
  private final Set<String> occupied;
  private final Set<UUID> applied = new HashSet<>();
  private final Set<UUID> rejected = new HashSet<>();
  private final Set<UUID> returned = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Map<TopicPartition, Advance> advances = new HashMap<>();
  private final Map<TopicPartition, Culprit> culprits = new HashMap<>();
  private final List<Decoded<I>> idle = new ArrayList<>();

  /// @param replay whose forced decisions these are; null for all others
  RecordFold(
      Stage<S, I, E> stage,
      Mode mode,
      Fold.Reads<S, I> reads,
      @Nullable UUID replay,
      Aggregates<S, I, E> aggregates) {
    this.stage = stage;
    this.mode = mode;
    this.reads = reads;
    this.replay = replay;
    this.aggregates = aggregates;
    this.open = new HashSet<>(reads.claimed());
    this.occupied = new HashSet<>(reads.occupied());
  }

  /// What follows beside the aggregates.
  ///
  /// @param applied ids of records that were decided, but for rejected ones
  /// @param rejected ids whose inbox row says so
  /// @param returned ids that were claimed and are not decided in this turn
  /// @param waiting what is dead, or waits behind what is
  /// @param advances how far each partition comes by it, and what became of its records
  /// @param culprits records that cannot be decided, where their partition stops
  /// @param idle what changed nothing, having been known
  record Result<I>(
      Set<UUID> applied,
      Set<UUID> rejected,
      Set<UUID> returned,
      List<Waiting> waiting,
      Map<TopicPartition, Advance> advances,
      Map<TopicPartition, Culprit> culprits,
      List<Decoded<I>> idle) {}

  Result<I> result() {
    return new Result<>(applied, rejected, returned, waiting, advances, culprits, idle);
  }

  void slice(Slice<I> slice) {
    var end = new Position(slice.topicId(), slice.epoch(), slice.next());
    advances.put(slice.partition(), new Advance(end, Counts.NONE, 0));
    for (Entry<I> entry : slice.entries()) {
      if (culprits.containsKey(slice.partition())) {
        // behind one that cannot be decided: read again from there
        UUID id = Claims.id(entry);
        if (id != null && open.remove(id)) {
          returned.add(id);
        }
        continue;
      }
      try {
        entry(slice, entry);
      } catch (RuntimeException e) {
        stop(slice, entry, e);
      }
    }
  }

  private void stop(Slice<I> slice, Entry<I> entry, RuntimeException failure) {
    long offset = entry.record().offset();
    culprits.put(slice.partition(), new Culprit(offset, failure));
    UUID id = Claims.id(entry);
    if (id != null) {
      returned.add(id);
    }
    Advance advance = advances.get(slice.partition());
    if (advance != null) {
      // every record before it counts; its own epoch is as good as the one before
      var here = new Position(slice.topicId(), entry.record().leaderEpoch().orElse(null), offset);
      advances.put(slice.partition(), new Advance(here, advance.counts(), advance.changed()));
    }
  }

  private void entry(Slice<I> slice, Entry<I> entry) {
    switch (entry) {
      case Foreign<I> _ -> count(slice, Counts.FOREIGN, false);
      case Decoded<I> decoded when open.remove(decoded.id()) -> decoded(slice, decoded);
      case Dead<I> dead when open.remove(dead.id()) -> dead(slice, dead);
      case Decoded<I> repeated -> {
        idle.add(repeated);
        count(slice, Counts.KNOWN, false);
      }
      case Dead<I> _ -> count(slice, Counts.KNOWN, false);
    }
  }

  private void decoded(Slice<I> slice, Decoded<I> entry) {
    Set<AggregateId> targets = targets(entry.input().target());
    Set<String> lanes = lanes(entry.record(), targets);
    if (lanes.stream().anyMatch(occupied::contains)) {
      park(slice, entry, lanes, targets);
      return;
    }
    if (targets.isEmpty()) {
      returned.add(entry.id());
      count(slice, Counts.UNROUTED, false);
      return;
    }
    var steps = new ArrayList<Step<S, E>>();
    boolean isRejected = false;
    boolean isNothing = true;
    for (AggregateId target : targets) {
      Decision<E> decision = aggregates.decide(target, entry.input().value());
      Step<S, E> step = aggregates.step(target, cause(entry), decision);
      if (aggregates.isConflict(step)) {
        isRejected = true;
        step = onConflict(target, entry);
      }
      isRejected |= decision.rejected();
      isNothing &= step.isNothing();
      steps.add(step);
    }
    // several are taken together or not at all
    boolean changed = false;
    for (Step<S, E> step : steps) {
      changed |= aggregates.take(step);
    }
    if (isNothing) {
      idle.add(entry);
    }
    if (isRejected) {
      rejected.add(entry.id());
      count(slice, Counts.REJECTED, changed);
    } else {
      applied.add(entry.id());
      count(slice, mode.isForced() && isNothing ? Counts.KNOWN : Counts.APPLIED, changed);
    }
  }

  /// One whose id another tenant has is told nothing where being told would be to begin.
  private Step<S, E> onConflict(AggregateId target, Decoded<I> entry) {
    Cause cause = cause(entry);
    Decision<E> decision =
        stage
            .conflict(entry.input().value())
            .map(told -> aggregates.decide(target, told))
            .orElseGet(Decision::nothing);
    Step<S, E> step = aggregates.step(target, cause, decision);
    if (!aggregates.isConflict(step)) {
      return step;
    }
    if (reads.loaded().taken().contains(target)) {
      return aggregates.step(target, cause, Decision.nothing());
    }
    throw new IllegalStateException("what an aggregate is told of a conflict is one itself");
  }

  private void park(Slice<I> slice, Decoded<I> entry, Set<String> lanes, Set<AggregateId> targets) {
    AggregateId aggregate = targets.isEmpty() ? null : targets.iterator().next();
    // what comes behind it in any of its lanes waits too
    occupied.addAll(lanes);
    waiting.add(
        new Waiting(
            entry.id(),
            entry.record(),
            slice.topicId(),
            true,
            lanes,
            "it waits behind a dead letter of its key",
            aggregate));
    count(slice, Counts.PARKED, false);
  }

  private void dead(Slice<I> slice, Dead<I> dead) {
    Decoded<I> decoded = dead.decoded();
    Set<AggregateId> targets = decoded == null ? Set.of() : targets(decoded.input().target());
    boolean changed = false;
    if (decoded != null) {
      Optional<I> told = stage.deadLettered(decoded.input().value());
      for (AggregateId target : targets) {
        if (told.isPresent()) {
          changed |= aggregates.apply(target, cause(decoded), told.get());
        }
      }
    }
    Set<String> lanes = lanes(dead.record(), targets);
    occupied.addAll(lanes);
    waiting.add(
        new Waiting(
            dead.id(),
            dead.record(),
            slice.topicId(),
            false,
            lanes,
            dead.cause(),
            targets.isEmpty() ? null : targets.iterator().next()));
    count(slice, Counts.DEAD, changed);
  }

  /// None where order does not matter: there nothing waits for anything.
  private Set<String> lanes(ConsumerRecord<byte[], byte[]> record, Set<AggregateId> targets) {
    return stage.isCommutative()
        ? Set.of()
        : Stream.concat(
                Stream.of(DeadLetterRows.lane(record)), targets.stream().map(DeadLetterRows::lane))
            .collect(Collectors.toSet());
  }

  private Set<AggregateId> targets(Input.Target target) {
    return switch (target) {
      case Input.Target.Aggregate(var id) -> Set.of(id);
      // whoever was found before the locks may have lost it, whoever got it in this turn has it
      case Input.Target.Linked(var links) ->
          links.stream()
              .flatMap(link -> aggregates.linked(link).stream())
              .collect(Collectors.toCollection(TreeSet::new));
    };
  }

  private Cause cause(Decoded<I> entry) {
    CloudEvent envelope = entry.envelope();
    ConsumerRecord<byte[], byte[]> record = entry.record();
    UUID id =
        replay == null
            ? envelope.id()
            : Ids.derived(stage.name(), envelope.id(), "replay", replay.toString(), 0);
    // rows hold microseconds
    return new Cause.Read(
        id,
        envelope.time().truncatedTo(ChronoUnit.MICROS),
        envelope.traceparent(),
        new LogPosition(record.topic(), record.partition(), record.offset()));
  }

  private void count(Slice<I> slice, Counts one, boolean changed) {
    advances.computeIfPresent(slice.partition(), (_, step) -> step.plus(one, changed ? 1 : 0));
  }
}
