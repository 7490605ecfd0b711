package dev.slipway.pipeline.publish;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.jspecify.annotations.Nullable;

/// What Kafka answers to the records of one transaction that was undone: what it was undone for.
///
/// | record | answer | outcome |
/// |---|---|---|
/// | any | too large, or none that the topic takes | that one is refused |
/// | a notification | not allowed | notifications are away |
/// | a notification | none in time, after all others were taken | notifications are away |
/// | else | | not known whose fault it is |
///
/// Records that are dropped because the transaction is being undone tell nothing. The producer's
/// thread answers, another asks.
final class Answers {
  @GuardedBy("this")
  private int unanswered;

  @GuardedBy("this")
  private @Nullable Outcome outcome;

  @GuardedBy("this")
  private boolean decided;

  /// @param records how many there are besides notifications, the checkpoint counted
  Answers(int records) {
    this.unanswered = records;
  }

  Callback ofCheckpoint() {
    return (_, failure) -> taken(failure, null);
  }

  Callback ofRecord(int index) {
    return (_, failure) -> taken(failure, new Outcome.RecordRefused(index));
  }

  Callback ofNotification(int index) {
    return (_, failure) -> notification(index, failure);
  }

  private synchronized void taken(@Nullable Exception failure, @Nullable Outcome refused) {
    if (failure == null) {
      unanswered--;
    } else {
      decide(failure, isRefusal(failure) ? refused : null);
    }
  }

  private synchronized void notification(int index, @Nullable Exception failure) {
    if (failure == null) {
      return;
    }
    boolean isAway =
        failure instanceof TopicAuthorizationException
            || (failure instanceof RetriableException && unanswered == 0);
    if (isRefusal(failure)) {
      decide(failure, new Outcome.NotificationRefused(index));
    } else {
      decide(failure, isAway ? new Outcome.NotificationsAway(failure) : null);
    }
  }

  /// The first that tells anything counts.
  @GuardedBy("this")
  private void decide(Exception failure, @Nullable Outcome found) {
    if (!decided && !(failure instanceof TransactionAbortedException)) {
      decided = true;
      outcome = found;
    }
  }

  private static boolean isRefusal(Exception failure) {
    return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
  }

  /// Whether one has failed, so that nothing of it will be committed.
  synchronized boolean areDecided() {
    return decided;
  }

  /// The outcome.
  ///
  /// @return null when nothing tells
  synchronized @Nullable Outcome outcome() {
    return outcome;
  }
}
