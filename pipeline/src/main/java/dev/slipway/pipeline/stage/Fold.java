package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Aggregates.Step;
import dev.slipway.pipeline.stage.Ask.Ending;
import dev.slipway.pipeline.stage.Claims.KnownRequest;
import dev.slipway.pipeline.stage.DeadLetterRows.Waiting;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Operations.Leased;
import dev.slipway.pipeline.stage.Positions.Advance;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.SliceResult.Culprit;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import dev.slipway.schemas.Ids;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The pure middle of a stage transaction: decides the inputs of a turn in order and gathers what
/// follows. Each decision is caught by itself: one that fails is taken out, and everything else
/// goes on. Used once, by one thread.
final class Fold<S, I, E> {
  private final Stage<S, I, E> stage;
  private final Mode mode;
  private final Reads<S, I> reads;
  private final @Nullable UUID replay;
  private final Aggregates<S, I, E> aggregates;

  // CONFINED: to the one call of `run`, as all that follow
  private final Set<UUID> open;
  private final Set<UUID> running;
  private final Set<String> occupied;
  private final Map<UUID, Answer> answers = new HashMap<>();
  private final Set<UUID> applied = new HashSet<>();
  private final Set<UUID> rejected = new HashSet<>();
  private final Set<UUID> returnedRecords = new HashSet<>();
  private final Set<UUID> returnedRequests = new HashSet<>();
  private final Set<Deadline> fired = new HashSet<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<Operations.Ended> ended = new ArrayList<>();
  private final Map<TopicPartition, Advance> advances = new HashMap<>();
  private final Map<TopicPartition, Culprit> culprits = new HashMap<>();
  private final List<Decoded<I>> idle = new ArrayList<>();
  private final List<Runnable> replies = new ArrayList<>();

  /// @param replay whose forced decisions these are; null for all others
  Fold(
      Stage<S, I, E> stage,
      Mode mode,
      Reads<S, I> reads,
      Map<Link, Optional<AggregateId>> owners,
      @Nullable UUID replay) {
    this.stage = stage;
    this.mode = mode;
    this.reads = reads;
    this.replay = replay;
    this.aggregates = new Aggregates<>(stage, mode.isSilent(), reads.loaded, owners);
    this.open = new HashSet<>(reads.claimed);
    this.running = new HashSet<>(reads.running.keySet());
    this.occupied = new HashSet<>(reads.occupied);
  }

  /// What the transaction has read.
  ///
  /// @param claimed ids of records that are ours to decide; of two with one id the first counts
  /// @param requests what is known under the idempotency keys of the turn
  /// @param standing deadlines of the turn that are still as they were
  /// @param running operations of the turn that have not ended
  /// @param occupied lanes in which records wait
  /// @param others what stands on the other side of links that are new
  record Reads<S, I>(
      Instant now,
      Set<UUID> claimed,
      Map<UUID, KnownRequest> requests,
      Loaded<S> loaded,
      Set<Deadline> standing,
      Map<UUID, Leased> running,
      Set<String> occupied,
      Map<Link, List<I>> others) {}

  /// Decides the turn: requests and outcomes, records, deadlines.
  void run(Turn<S, I, E> turn) {
    turn.asks()
        .forEach(ask -> {
          switch (ask) {
            case Ask.Requested<S, I, E> request -> request(request);
            case Ask.Ended<S, I, E> outcome -> outcome(outcome);
            case Ask.Due<S, I, E> _ -> {}
          }
        });
    turn.slices().forEach(this::slice);
    turn.asks()
        .forEach(ask -> {
          if (ask instanceof Ask.Due<S, I, E> due) {
            due(new Deadline(due.aggregate(), due.name(), due.at()));
          }
        });
  }

  private void request(Ask.Requested<S, I, E> ask) {
    Request.Key key = ask.request().key();
    if (key != null && !isOurs(ask, key)) {
      return;
    }
    try {
      var cause = new Cause.Requested(ask.id(), reads.now, null);
      AggregateId id = ask.request().aggregate().apply(ask.id());
      I input = ask.request().input().apply(ask.id());
      Decision<E> decision = decide(id, input);
      Step<S, E> step = aggregates.step(id, cause, decision);
      boolean conflict = aggregates.isConflict(step);
      boolean isRejected = decision.rejected() || conflict;
      if (conflict) {
        step = aggregates.step(id, cause, Decision.nothing());
      }
      Answer answer =
          ask.request()
              .answering()
              .answer(
                  new Decided<>(
                      id, step.after(), step.version(), step.events(), isRejected, conflict));
      var _ = aggregates.take(step);
      if (key != null) {
        answers.put(key.id(), answer);
      }
      replies.add(() -> ask.answer().complete(answer));
    } catch (RuntimeException e) {
      // nothing of it has happened, and the key may be used again
      if (key != null) {
        returnedRequests.add(key.id());
      }
      replies.add(() -> ask.answer().completeExceptionally(e));
    }
  }

  /// Whether the request is the first under its key; if not, it gets the first one's answer.
  private boolean isOurs(Ask.Requested<S, I, E> ask, Request.Key key) {
    KnownRequest known = reads.requests.get(key.id());
    if (known == null) {
      throw new ConflictException("the row of an idempotency key is gone", null);
    }
    // one that is answered already may be this very request, whose commit nobody answered
    if (known.requestId().equals(ask.id()) && known.answer() == null) {
      return true;
    }
    Answer answer = known.answer() == null ? answers.get(key.id()) : known.answer();
    if (!MessageDigest.isEqual(known.digest(), key.bodySha256())) {
      replies.add(() -> ask.answer().completeExceptionally(new KeyReusedException()));
    } else if (answer != null) {
      replies.add(() -> ask.answer().complete(answer));
    } else {
      // the first one in this turn failed, and its key is given back: try again
      replies.add(() -> ask.answer().completeExceptionally(new KeyInUseException()));
    }
    return false;
  }

  private void outcome(Ask.Ended<S, I, E> ask) {
    Leased leased = reads.running.get(ask.operationId());
    boolean valid =
        leased != null && leased.epoch() == ask.epoch() && running.remove(ask.operationId());
    replies.add(() -> ask.accepted().complete(valid));
    if (leased == null || !valid) {
      return;
    }
    AggregateId id = leased.aggregate();
    var cause =
        new Cause.Ended(
            Ids.derived(stage.name(), leased.id(), "outcome", id.key(), leased.epoch()),
            reads.now,
            leased.traceparent());
    I input =
        ask.input() != null ? ask.input() : told(leased, ask.ending().failureCode()).orElse(null);
    try {
      if (input != null) {
        var _ = apply(id, cause, input);
      }
      ended.add(new Operations.Ended(leased.id(), ask.ending()));
    } catch (RuntimeException e) {
      FoldFailures.log(stage.name(), "outcome cannot be applied", leased.id().toString(), e);
      ended.add(new Operations.Ended(leased.id(), new Ending("internal", null)));
      told(leased, "internal").ifPresent(told -> tellOfFailure(id, cause, told));
    }
  }

  private Optional<I> told(Leased leased, @Nullable String code) {
    return code == null ? Optional.empty() : stage.operationFailed(leased.kind(), code);
  }

  private void tellOfFailure(AggregateId id, Cause cause, I told) {
    try {
      var _ = apply(id, cause, told);
    } catch (RuntimeException e) {
      FoldFailures.log(stage.name(), "aggregate cannot be told of a failure", id.key(), e);
    }
  }

  private void due(Deadline deadline) {
    if (!reads.standing.contains(deadline)) {
      return; // changed or gone
    }
    fired.add(deadline);
    List<I> inputs =
        deadline
            .link()
            .map(link -> reads.others.getOrDefault(link, List.of()))
            .orElseGet(() -> dueInput(deadline));
    for (int n = 0; n < inputs.size(); n++) {
      try {
        var _ = apply(deadline.id(), cause(deadline, n), inputs.get(n));
      } catch (RuntimeException e) {
        // what stands beside it on the other side of a link is told all the same
        FoldFailures.log(stage.name(), "deadline cannot be applied", deadline.id().key(), e);
      }
    }
  }

  /// A deadline may bring several inputs, and may be set to the same instant once more: neither may
  /// give two events one id.
  private Cause cause(Deadline deadline, int n) {
    AggregateId id = deadline.id();
    String type =
        "deadline.%s.%s.%d".formatted(deadline.name(), deadline.at(), aggregates.version(id));
    return new Cause.Due(
        Ids.derived(stage.name(), Ids.SLIPWAY, type, id.tenant() + "/" + id.key(), n), reads.now);
  }

  private List<I> dueInput(Deadline deadline) {
    Stage.Deadlines<S, I> deadlines = stage.deadlines();
    return deadlines == null
        ? List.of()
        : List.of(deadlines.due().apply(deadline.name(), deadline.at()));
  }

  private void slice(Slice<I> slice) {
    var end = new Position(slice.topicId(), slice.epoch(), slice.next());
    advances.put(slice.partition(), new Advance(end, Counts.NONE, 0));
    for (Entry<I> entry : slice.entries()) {
      if (culprits.containsKey(slice.partition())) {
        // behind one that cannot be decided: read again from there
        UUID id = Claims.id(entry);
        if (id != null && open.remove(id)) {
          returnedRecords.add(id);
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
      returnedRecords.add(id);
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
      returnedRecords.add(entry.id());
      count(slice, Counts.UNROUTED, false);
      return;
    }
    var steps = new ArrayList<Step<S, E>>();
    boolean isRejected = false;
    boolean isNothing = true;
    for (AggregateId target : targets) {
      Decision<E> decision = decide(target, entry.input().value());
      Step<S, E> step = aggregates.step(target, cause(entry.envelope()), decision);
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

  /// One whose id another tenant has is told nothing: it must not begin.
  private Step<S, E> onConflict(AggregateId target, Decoded<I> entry) {
    Decision<E> decision =
        stage
            .conflict(entry.input().value())
            .filter(_ -> !reads.loaded.taken().contains(target))
            .map(told -> decide(target, told))
            .orElseGet(Decision::nothing);
    Step<S, E> step = aggregates.step(target, cause(entry.envelope()), decision);
    if (aggregates.isConflict(step)) {
      throw new IllegalStateException("what an aggregate is told of a conflict is one itself");
    }
    return step;
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
          changed |= apply(target, cause(decoded.envelope()), told.get());
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
      case Input.Target.Linked(var link) -> aggregates.linked(link);
    };
  }

  private Cause cause(CloudEvent envelope) {
    UUID id =
        replay == null
            ? envelope.id()
            : Ids.derived(stage.name(), envelope.id(), "replay", replay.toString(), 0);
    // rows hold microseconds
    return new Cause.Read(
        id, envelope.time().truncatedTo(ChronoUnit.MICROS), envelope.traceparent());
  }

  private Decision<E> decide(AggregateId id, I input) {
    Decision<E> decision = stage.decider().decide(aggregates.state(id), input);
    if (!mode.takesEffects()
        && !(decision.commands().isEmpty() && decision.operations().isEmpty())) {
      throw new EffectsInReplayException();
    }
    return decision;
  }

  private boolean apply(AggregateId id, Cause cause, I input) {
    Step<S, E> step = aggregates.step(id, cause, decide(id, input));
    return !aggregates.isConflict(step) && aggregates.take(step);
  }

  private void count(Slice<I> slice, Counts one, boolean changed) {
    advances.computeIfPresent(slice.partition(), (_, step) -> step.plus(one, changed ? 1 : 0));
  }

  Aggregates<S, I, E> aggregates() {
    return aggregates;
  }

  Result<I> result() {
    return new Result<>(
        answers,
        applied,
        rejected,
        returnedRecords,
        returnedRequests,
        fired,
        waiting,
        ended,
        advances,
        culprits,
        idle,
        replies);
  }

  /// What follows beside the aggregates.
  ///
  /// @param answers by the id of their idempotency key
  /// @param applied ids of records that were decided, but for rejected ones
  /// @param rejected ids whose inbox row says so
  /// @param returnedRecords ids that were claimed and are not decided in this turn
  /// @param returnedRequests ids of idempotency keys that may be used again
  /// @param fired deadlines that were due
  /// @param advances how far each partition comes by it, and what became of its records
  /// @param culprits records that cannot be decided, where their partition stops
  /// @param idle what changed nothing, having been known
  /// @param replies what those who wait are told after the commit
  record Result<I>(
      Map<UUID, Answer> answers,
      Set<UUID> applied,
      Set<UUID> rejected,
      Set<UUID> returnedRecords,
      Set<UUID> returnedRequests,
      Set<Deadline> fired,
      List<Waiting> waiting,
      List<Operations.Ended> ended,
      Map<TopicPartition, Advance> advances,
      Map<TopicPartition, Culprit> culprits,
      List<Decoded<I>> idle,
      List<Runnable> replies) {}
}
