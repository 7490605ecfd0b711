package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.Ask.Ending;
import dev.slipway.pipeline.stage.Ask.Ending.State;
import dev.slipway.pipeline.stage.Operations.Beat;
import dev.slipway.pipeline.stage.Operations.Kept;
import dev.slipway.pipeline.stage.Operations.Room;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The door of outcomes: operations go out by it, and what came of them comes in. All of it may
/// throw a [RetryableException] when the database does not answer.
public final class OperationDoor<I> {
  private final Database database;
  private final Operations operations;
  private final StageQueue<?, I, ?> queue;
  private final Wakeup wakeup = new Wakeup();
  private final Set<UUID> cancelled = ConcurrentHashMap.newKeySet();
  private volatile boolean listens; // in a process that makes none, nobody takes them

  OperationDoor(Database database, short stageId, StageQueue<?, I, ?> queue) {
    this.database = database;
    this.operations = new Operations(stageId);
    this.queue = queue;
  }

  /// Given whenever operations were asked for in this process, or are no longer wanted.
  public Wakeup wakeup() {
    return wakeup;
  }

  void wake(List<UUID> noLongerWanted) {
    if (listens) {
      cancelled.addAll(noLongerWanted);
    }
    wakeup.give();
  }

  /// Which operations are no longer wanted since the last time, as far as this process has decided
  /// it; of others a worker hears when it keeps their leases.
  public Set<UUID> takeCancelled() {
    listens = true;
    Set<UUID> taken = Set.copyOf(cancelled);
    cancelled.removeAll(taken);
    return taken;
  }

  /// Takes operations that are to be made.
  ///
  /// @param worker who takes them
  /// @param ordered most of those that wait for each other
  /// @param others most of those that overtake
  /// @param lease how long they are his
  public List<LeasedOperation> lease(String worker, int ordered, int others, Duration lease) {
    return database.inStage(
        transaction -> operations.lease(transaction, worker, new Room(ordered, others), lease));
  }

  /// Keeps leases, and what their workers have noted for who comes after them.
  ///
  /// @param notes by operation: a JSON object, or null for nothing new
  /// @return those that are kept, and whether each is no longer wanted; the others are lost
  public Map<UUID, Boolean> keep(Map<LeasedOperation, @Nullable String> notes, Duration lease) {
    List<Beat> beats =
        notes.entrySet().stream().map(entry -> new Beat(entry.getKey(), entry.getValue())).toList();
    return database.inStage(transaction -> operations.keep(transaction, beats, lease)).stream()
        .collect(Collectors.toMap(Kept::id, Kept::cancelled));
  }

  /// Gives one back: any worker may go on with it.
  ///
  /// @param pause after it was tried in vain; null: at once, and it does not count as a try
  /// @return false when it was another's by now
  public boolean giveBack(
      LeasedOperation operation, @Nullable String note, @Nullable Duration pause) {
    boolean given =
        database.inStage(
            transaction -> operations.giveBack(transaction, new Beat(operation, note), pause));
    wakeup.give();
    return given;
  }

  /// Tells the aggregate how far an operation has come, once under a lease.
  ///
  /// @return whether it counted: false when the lease is another's by now
  public CompletableFuture<Boolean> progressed(LeasedOperation operation, I input) {
    return bring(operation, null, input);
  }

  /// Brings an outcome.
  ///
  /// @param input what its aggregate is told
  /// @param result a JSON object to be shown; null for none
  /// @param note the worker's last, kept with it; null leaves the one before
  /// @return whether it counted: false when the lease is another's by now, or the operation has
  ///   ended
  public CompletableFuture<Boolean> succeeded(
      LeasedOperation operation, I input, @Nullable String result, @Nullable String note) {
    return bring(operation, new Ending(State.SUCCEEDED, null, result, note), input);
  }

  /// Brings a failure.
  ///
  /// @param input what its aggregate is told; null for what the stage says of failures
  public CompletableFuture<Boolean> failed(
      LeasedOperation operation,
      Failure failure,
      @Nullable I input,
      @Nullable String result,
      @Nullable String note) {
    return bring(operation, new Ending(State.FAILED, failure, result, note), input);
  }

  /// Brings the end of one that was no longer wanted.
  public CompletableFuture<Boolean> cancelled(
      LeasedOperation operation, I input, @Nullable String result, @Nullable String note) {
    return bring(operation, new Ending(State.CANCELLED, null, result, note), input);
  }

  private CompletableFuture<Boolean> bring(
      LeasedOperation operation, @Nullable Ending ending, @Nullable I input) {
    var accepted = new CompletableFuture<Boolean>();
    try {
      queue.ask(
          new Ask.Ended<>(
              operation.id(), operation.epoch(), operation.aggregate(), ending, input, accepted));
    } catch (RetryableException e) {
      return CompletableFuture.failedFuture(e);
    }
    return accepted;
  }
}
