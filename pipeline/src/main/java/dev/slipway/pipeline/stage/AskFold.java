package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.stage.Aggregates.Step;
import dev.slipway.pipeline.stage.Ask.Ending;
import dev.slipway.pipeline.stage.Claims.KnownRequest;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.schemas.Ids;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The part of a [Fold] that decides requests, outcomes of operations, and deadlines.
final class AskFold<S, I, E> {
  private final Stage<S, I, E> stage;
  private final Fold.Reads<S, I> reads;
  private final Aggregates<S, I, E> aggregates;

  // CONFINED: to the fold that it belongs to, as all that follow
  private final Set<UUID> running;
  private final Map<UUID, Answer> answers = new HashMap<>();
  private final Set<UUID> returned = new HashSet<>();
  private final Set<Deadline> fired = new HashSet<>();
  private final List<Operations.Ended> ended = new ArrayList<>();
  private final List<Runnable> replies = new ArrayList<>();

  AskFold(Stage<S, I, E> stage, Fold.Reads<S, I> reads, Aggregates<S, I, E> aggregates) {
    this.stage = stage;
    this.reads = reads;
    this.aggregates = aggregates;
    this.running = new HashSet<>(reads.running().keySet());
  }

  /// What follows beside the aggregates.
  ///
  /// @param answers by the id of their idempotency key
  /// @param returned ids of idempotency keys that may be used again
  /// @param fired deadlines that were due
  /// @param replies what those who wait are told after the commit
  record Result(
      Map<UUID, Answer> answers,
      Set<UUID> returned,
      Set<Deadline> fired,
      List<Operations.Ended> ended,
      List<Runnable> replies) {}

  Result result() {
    return new Result(answers, returned, fired, ended, replies);
  }

  void request(Ask.Requested<S, I, E> ask) {
    Request.Key key = ask.request().key();
    if (key != null && !isOurs(ask, key)) {
      return;
    }
    try {
      var cause = new Cause.Requested(ask.id(), reads.now(), null);
      AggregateId id = ask.request().aggregate().apply(ask.id());
      I input = ask.request().input().apply(ask.id());
      Decision<E> decision = aggregates.decide(id, input);
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
        returned.add(key.id());
      }
      replies.add(() -> ask.answer().completeExceptionally(e));
    }
  }

  /// Whether the request is the first under its key; if not, it gets the first one's answer.
  private boolean isOurs(Ask.Requested<S, I, E> ask, Request.Key key) {
    KnownRequest known = reads.requests().get(key.id());
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

  void outcome(Ask.Ended<S, I, E> ask) {
    LeasedOperation leased = reads.running().get(ask.operationId());
    boolean valid =
        leased != null && leased.epoch() == ask.epoch() && running.contains(ask.operationId());
    replies.add(() -> ask.accepted().complete(valid));
    if (leased == null || !valid) {
      return;
    }
    Ending ending = ask.ending();
    AggregateId id = leased.aggregate();
    Cause cause = cause(leased, ending == null ? "progress" : "outcome");
    I input = ask.input() != null ? ask.input() : told(leased, ending).orElse(null);
    try {
      if (input != null) {
        var _ = aggregates.apply(id, cause, input);
      }
      if (ending != null) {
        end(leased, ending);
      }
    } catch (RuntimeException e) {
      FoldFailures.log(stage.name(), "outcome cannot be applied", leased.id().toString(), e);
      end(leased, Ending.INTERNAL);
      told(leased, Ending.INTERNAL)
          .ifPresent(told -> tellOfFailure(id, cause(leased, "outcome"), told));
    }
  }

  private void end(LeasedOperation leased, Ending ending) {
    var _ = running.remove(leased.id());
    ended.add(new Operations.Ended(leased.id(), ending));
  }

  private Cause cause(LeasedOperation leased, String type) {
    return new Cause.Ended(
        Ids.derived(stage.name(), leased.id(), type, leased.aggregate().key(), leased.epoch()),
        reads.now(),
        leased.traceparent());
  }

  private Optional<I> told(LeasedOperation leased, @Nullable Ending ending) {
    Failure failure = ending == null ? null : ending.failure();
    return failure == null
        ? Optional.empty()
        : stage.operationFailed(new FailedOperation(leased.id(), leased.kind(), failure));
  }

  private void tellOfFailure(AggregateId id, Cause cause, I told) {
    try {
      var _ = aggregates.apply(id, cause, told);
    } catch (RuntimeException e) {
      FoldFailures.log(stage.name(), "aggregate cannot be told of a failure", id.key(), e);
    }
  }

  void due(Ask.Due<S, I, E> due) {
    var deadline = new Deadline(due.aggregate(), due.name(), due.at());
    if (!reads.standing().contains(deadline)) {
      return; // changed or gone
    }
    fired.add(deadline);
    List<I> inputs =
        deadline
            .link()
            .map(link -> reads.others().getOrDefault(link, List.of()))
            .orElseGet(() -> dueInput(deadline));
    for (int n = 0; n < inputs.size(); n++) {
      try {
        var _ = aggregates.apply(deadline.id(), cause(deadline, n), inputs.get(n));
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
        Ids.derived(stage.name(), Ids.SLIPWAY, type, id.tenant() + "/" + id.key(), n), reads.now());
  }

  private List<I> dueInput(Deadline deadline) {
    Stage.Deadlines<S, I> deadlines = stage.deadlines();
    return deadlines == null
        ? List.of()
        : List.of(deadlines.due().apply(deadline.name(), deadline.at()));
  }
}
