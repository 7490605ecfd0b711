package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.CommitInDoubtException;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.database.StatementTimeoutException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.Ask.Ending;
import dev.slipway.pipeline.stage.SliceResult.Culprit;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;

/// Brings a turn to its end, whatever fails.
///
/// | what fails | what happens |
/// |---|---|
/// | the database is away | the turn waits and is tried again; requests that waited too long are told |
/// | nobody answers the commit | the same, but for requests without a key: they may have happened, and are told so |
/// | another transaction was faster | the turn is tried again; the second time it is a bug |
/// | a statement takes too long | tried again; the second time in halves; one that is alone waits, and is tried by itself while others go on |
/// | a bug | in halves until the culprit is alone |
///
/// A culprit: a record stops its partition, whose door sees to it; a request fails; a deadline is
/// disarmed; an operation ends as failed and its aggregate is told so.
final class Settler<S, I, E> {
  private final StageTransaction<S, I, E> transaction;
  private final Sink<S, I, E> sink;

  Settler(StageTransaction<S, I, E> transaction, Sink<S, I, E> sink) {
    this.transaction = transaction;
    this.sink = sink;
  }

  /// Who is told.
  interface Sink<S, I, E> {
    /// A transaction has committed; slices and askers have not been told yet.
    void committed(Settled settled);

    /// What became of a slice.
    void settled(Slice<I> slice, SliceResult result);

    /// Keep this for later, by itself.
    void later(Turn<S, I, E> turn);

    /// Waits before the next try.
    ///
    /// @return false to give up: the stage is being stopped
    boolean await(RetryableException failure);

    /// A bug in something that nobody gets a letter about.
    void failed(Ask<S, I, E> ask, RuntimeException failure);
  }

  /// Settles all of it, or what is possible until the sink gives up.
  ///
  /// @param isAlone whether it has timed out by itself before
  /// @throws RuntimeException a bug that is in no input
  void settle(Turn<S, I, E> whole, boolean isAlone) {
    Deque<Turn<S, I, E>> todo = new ArrayDeque<>(List.of(whole));
    int timeouts = isAlone ? 1 : 0;
    boolean isConflicting = false;
    while (!todo.isEmpty()) {
      Turn<S, I, E> turn = todo.pop().withoutGivenUp();
      if (turn.isEmpty()) {
        timeouts = 0;
        isConflicting = false;
        continue;
      }
      try {
        deliver(turn, transaction.run(turn));
        timeouts = 0;
        isConflicting = false;
      } catch (InterruptException e) {
        throw e;
      } catch (StatementTimeoutException e) {
        if (timeouts++ == 0) {
          todo.push(turn);
        } else if (turn.size() > 1) {
          turn.halves().reversed().forEach(todo::push);
        } else {
          sink.later(turn);
          timeouts = 0;
        }
      } catch (CommitInDoubtException e) {
        todo.push(withoutUnkeyed(turn, e));
        if (!sink.await(e)) {
          leave(todo, e);
          return;
        }
      } catch (RetryableException e) {
        todo.push(turn);
        if (!sink.await(e)) {
          leave(todo, e);
          return;
        }
      } catch (ConflictException e) {
        if (isConflicting) {
          bug(todo, turn, e);
        } else {
          todo.push(turn);
        }
        isConflicting = !isConflicting;
      } catch (RuntimeException e) {
        bug(todo, turn, e);
      }
    }
  }

  private void leave(Deque<Turn<S, I, E>> todo, RetryableException failure) {
    todo.forEach(turn -> turn.asks().forEach(ask -> Settler.refuse(ask, failure)));
  }

  /// Tells whoever waits for it that nothing has become of it.
  static void refuse(Ask<?, ?, ?> ask, RetryableException failure) {
    switch (ask) {
      case Ask.Requested<?, ?, ?> request -> request.answer().completeExceptionally(failure);
      case Ask.Ended<?, ?, ?> outcome -> outcome.accepted().completeExceptionally(failure);
      case Ask.Due<?, ?, ?> _ -> {}
    }
  }

  private void deliver(Turn<S, I, E> turn, Settled settled) {
    sink.committed(settled);
    settled.replies().forEach(Runnable::run);
    for (int i = 0; i < turn.slices().size(); i++) {
      sink.settled(turn.slices().get(i), settled.slices().get(i));
    }
  }

  private void bug(Deque<Turn<S, I, E>> todo, Turn<S, I, E> turn, RuntimeException failure) {
    if (turn.size() > 1) {
      turn.halves().reversed().forEach(todo::push);
    } else if (!turn.asks().isEmpty()) {
      todo.push(new Turn<>(remedy(turn.asks().getFirst(), failure), turn.slices()));
    } else if (turn.slices().getFirst().entries().isEmpty()) {
      throw failure; // the fault is in no input
    } else {
      Slice<I> slice = turn.slices().getFirst();
      long offset = slice.entries().getFirst().record().offset();
      sink.settled(
          slice,
          new SliceResult(
              new Position(slice.topicId(), null, slice.from()),
              Counts.NONE,
              0,
              new Culprit(offset, failure),
              List.of()));
    }
  }

  /// What is to be settled in place of something that is not a record and cannot be.
  private List<Ask<S, I, E>> remedy(Ask<S, I, E> ask, RuntimeException failure) {
    return switch (ask) {
      case Ask.Requested<S, I, E> request -> {
        request.answer().completeExceptionally(failure);
        yield List.of();
      }
      case Ask.Ended<S, I, E> outcome when !isGivenUp(outcome) -> {
        sink.failed(ask, failure);
        yield List.of(
            new Ask.Ended<>(
                outcome.operationId(),
                outcome.epoch(),
                outcome.aggregate(),
                Ending.INTERNAL,
                null,
                outcome.accepted()));
      }
      // the aggregate cannot be told either
      case Ask.Ended<S, I, E> outcome -> {
        sink.failed(ask, failure);
        outcome.accepted().complete(transaction.giveUp(outcome));
        yield List.of();
      }
      case Ask.Due<S, I, E> due -> {
        sink.failed(ask, failure);
        transaction.disarm(due);
        yield List.of();
      }
    };
  }

  private boolean isGivenUp(Ask.Ended<S, I, E> outcome) {
    return outcome.input() == null && Ending.INTERNAL.equals(outcome.ending());
  }

  /// Requests without a key are not tried again after a commit that nobody answered.
  private Turn<S, I, E> withoutUnkeyed(Turn<S, I, E> turn, CommitInDoubtException failure) {
    var rest = new ArrayList<Ask<S, I, E>>();
    for (Ask<S, I, E> ask : turn.asks()) {
      if (ask instanceof Ask.Requested<S, I, E> request && request.request().key() == null) {
        request.answer().completeExceptionally(failure);
      } else {
        rest.add(ask);
      }
    }
    return new Turn<>(rest, turn.slices());
  }
}
