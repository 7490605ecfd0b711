package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.publish.Outbox;
import dev.slipway.pipeline.stage.Ask.Ending;
import dev.slipway.pipeline.stage.DeadLetterRows.Head;
import dev.slipway.pipeline.stage.Positions.Advance;
import dev.slipway.pipeline.stage.SliceResult.DifferingCopy;
import dev.slipway.pipeline.stage.StateStore.Change;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A turn in one transaction, in four flights: (a) lock the positions and claim; (b) look up whom
/// records are for that do not say so, where there are any; (c) lock the aggregates and read them;
/// decide, in memory; (d) write everything; commit. A handful of statements, however large the
/// turn.
///
/// INVARIANT: locks are taken in this order everywhere: positions, claims, aggregates, operations;
/// each kind sorted.
public final class StageTransaction<S, I, E> {
  private final Database database;
  private final Stage<S, I, E> stage;
  private final Positions positions;
  private final Mode mode;
  private final @Nullable UUID replay;
  private final TurnReader<S, I, E> reader;
  private final Claims claims;
  private final Links links;
  private final Deadlines deadlines;
  private final Operations operations;
  private final DeadLetterRows deadLetters;

  /// @param replay whose decisions these are; null for what comes in
  public StageTransaction(
      Database database,
      Stage<S, I, E> stage,
      short stageId,
      Positions positions,
      Mode mode,
      @Nullable UUID replay) {
    this.database = database;
    this.stage = stage;
    this.positions = positions;
    this.mode = mode;
    this.replay = replay;
    this.claims = new Claims(stageId);
    this.links = new Links(stageId);
    this.deadlines = new Deadlines(stageId);
    this.operations = new Operations(stageId);
    this.deadLetters = new DeadLetterRows(stageId);
    this.reader = new TurnReader<>(stage, stageId, positions, mode);
  }

  Mode mode() {
    return mode;
  }

  /// What a turn came to.
  ///
  /// @param slices what became of each slice, in the turn's order
  /// @param replies what those who wait are told
  /// @param hasOutputs whether there is something to publish
  /// @param hasOperations whether operations were asked for
  /// @param cancelled operations that are no longer wanted
  /// @param nextDeadline the first that was set; null when none was
  record Settled(
      List<SliceResult> slices,
      List<Runnable> replies,
      boolean hasOutputs,
      boolean hasOperations,
      List<UUID> cancelled,
      @Nullable Instant nextDeadline) {

    static Settled of(
        List<SliceResult> slices,
        Fold.Result<?> result,
        Aggregates<?, ?, ?> aggregates,
        Effects effects) {
      return new Settled(
          slices,
          result.asks().replies(),
          !aggregates.outputs().isEmpty(),
          !aggregates.wanted().isEmpty(),
          aggregates.cancelled().stream().map(Operations.Cancelled::id).toList(),
          effects.nextDeadline());
    }
  }

  /// Runs it.
  Settled run(Turn<S, I, E> turn) {
    return database.inStage(transaction -> settle(transaction, turn));
  }

  /// Which of these records the stage has seen before.
  ///
  /// @param dead only those that it has seen as dead
  Set<UUID> known(Set<UUID> ids, boolean dead) {
    return database.inStage(transaction ->
        Set.copyOf(transaction.send(flight -> claims.known(flight, ids, dead)).get()));
  }

  /// A deadline that cannot be settled waits until the state sets it again.
  void disarm(Ask.Due<S, I, E> due) {
    var deadline = new Deadlines.Deadline(due.aggregate(), due.name(), due.at());
    var _ =
        database.inStage(transaction -> {
          transaction.fly(flight -> deadlines.disarm(flight, List.of(deadline)));
          return true;
        });
  }

  /// An operation ends as failed though its aggregate cannot be told.
  ///
  /// @return whether it had not ended before
  boolean giveUp(Ask.Ended<S, I, E> outcome) {
    return database.inStage(transaction -> {
      boolean runs =
          transaction
              .send(flight -> operations.lock(flight, List.of(outcome.operationId())))
              .get()
              .stream()
              .anyMatch(leased -> leased.epoch() == outcome.epoch());
      if (runs) {
        transaction.fly(flight ->
            operations.end(
                flight, List.of(new Operations.Ended(outcome.operationId(), Ending.INTERNAL))));
      }
      return runs;
    });
  }

  /// Settles a record that waited.
  ///
  /// @param entry what it says
  /// @return empty when another process was faster, or it was discarded
  /// @throws RuntimeException when it cannot be decided: nothing of it has happened
  Optional<Settled> requeue(Head head, Entry<I> entry) {
    var slice =
        new Slice<>(
            head.partition(),
            head.topicId(),
            head.offset(),
            head.offset() + 1,
            null,
            List.of(entry));
    var turn = new Turn<S, I, E>(List.of(), List.of(slice));
    return database.inStage(transaction -> {
      TurnReader.Read<S, I, E> read = reader.read(transaction, turn, head);
      return read.reads().claimed().isEmpty()
          ? Optional.empty()
          : Optional.of(requeue(transaction, head, read));
    });
  }

  private Settled requeue(Transaction transaction, Head head, TurnReader.Read<S, I, E> read) {
    Fold<S, I, E> fold = fold(transaction, read);
    Fold.Result<I> result = fold.result();
    SliceResult.Culprit culprit = result.records().culprits().get(head.partition());
    Advance advance = result.records().advances().get(head.partition());
    if (culprit != null || advance == null) {
      throw culprit == null ? new IllegalStateException("nothing decided") : culprit.failure();
    }
    List<Change<S, E>> changes = fold.aggregates().changes();
    var effects =
        Effects.of(stage, fold.aggregates(), changes, result.asks().fired(), read.reads().now());
    transaction
        .send(flight -> {
          Runnable check = write(flight, fold.aggregates(), result, changes, effects);
          if (result.records().waiting().isEmpty()) {
            deadLetters.remove(flight, List.of(head.id()));
          }
          positions.recount(
              flight,
              head.partition(),
              head.parked() ? Counts.PARKED : Counts.DEAD,
              advance.counts());
          return check;
        })
        .run();
    return Settled.of(List.of(), result, fold.aggregates(), effects);
  }

  /// A record that waited is dead, and no aggregate is told.
  ///
  /// @param cause what is wrong with it, for people
  /// @return false when another process was faster, or it was discarded
  boolean dead(Head head, String cause) {
    return database.inStage(transaction -> {
      var _ = transaction.send(flight -> positions.lock(flight, List.of(head.partition())));
      boolean isOurs = transaction.send(flight -> deadLetters.dead(flight, head, cause)).get() > 0;
      if (isOurs && head.parked()) {
        transaction.fly(flight -> {
          claims.put(flight, Map.of(head.id(), "dead"));
          positions.recount(flight, head.partition(), Counts.PARKED, Counts.DEAD);
        });
      }
      return isOurs;
    });
  }

  private Settled settle(Transaction transaction, Turn<S, I, E> offered) {
    TurnReader.Read<S, I, E> read = reader.read(transaction, offered);
    Fold<S, I, E> fold = fold(transaction, read);
    Fold.Result<I> result = fold.result();
    List<Change<S, E>> changes = fold.aggregates().changes();
    var effects =
        Effects.of(stage, fold.aggregates(), changes, result.asks().fired(), read.reads().now());
    Written<I> written =
        transaction.send(flight -> {
          Runnable check =
              mode == Mode.FORCE
                  ? () -> {}
                  : write(flight, fold.aggregates(), result, changes, effects);
          positions.advance(flight, result.records().advances());
          return new Written<>(check, differing(flight, result));
        });
    written.check.run();
    return Settled.of(
        offered.slices().stream().map(slice -> result(slice, read, result, written)).toList(),
        result,
        fold.aggregates(),
        effects);
  }

  /// Decides; once more where it took reading who has a link to tell who may have it.
  private Fold<S, I, E> fold(Transaction transaction, TurnReader.Read<S, I, E> read) {
    var owners = new HashMap<Link, Optional<AggregateId>>();
    while (true) {
      var fold = new Fold<>(stage, mode, read.reads(), owners, replay);
      fold.run(read.turn());
      Set<Link> unknown = fold.aggregates().unknownOwners();
      if (unknown.isEmpty()) {
        return fold;
      }
      unknown.forEach(link -> owners.put(link, Optional.empty()));
      transaction
          .send(flight -> links.owners(flight, unknown))
          .get()
          .forEach(row -> owners.put(row.getKey(), Optional.of(row.getValue())));
    }
  }

  private Runnable write(
      Flight flight,
      Aggregates<S, I, E> aggregates,
      Fold.Result<I> result,
      List<Change<S, E>> changes,
      Effects effects) {
    Runnable check = changes.isEmpty() ? () -> {} : stage.states().write(flight, changes);
    Outbox.append(flight, aggregates.outputs());
    Answer<Integer> wanted = operations.want(flight, aggregates.wanted());
    operations.cancel(flight, aggregates.cancelled());
    operations.end(flight, result.asks().ended());
    deadlines.set(flight, effects.deadlinesSet());
    deadlines.remove(flight, effects.deadlinesRemoved());
    deadlines.disarm(flight, effects.deadlinesDisarmed());
    links.write(flight, effects.linksGone(), effects.linksMade());
    claims.answer(flight, result.asks().answers());
    claims.giveBack(flight, result.records().returned(), result.asks().returned());
    if (mode.isForced()) {
      // what was dead or parked is so no longer
      deadLetters.remove(flight, result.records().applied());
      deadLetters.remove(flight, result.records().rejected());
    }
    deadLetters.put(flight, result.records().waiting());
    claims.put(flight, statuses(result));
    return () -> {
      check.run();
      if (wanted != null && wanted.get() != aggregates.wanted().size()) {
        throw new ConflictException("an operation has the id of another", null);
      }
    };
  }

  /// What becomes of records, but for what their claim says already.
  private Map<UUID, String> statuses(Fold.Result<I> result) {
    var statuses = new HashMap<UUID, String>();
    if (mode.isForced()) {
      // nothing was claimed
      result.records().applied().forEach(id -> statuses.put(id, "applied"));
      result.records().waiting().forEach(row -> statuses.put(row.id(), "dead"));
    }
    result.records().rejected().forEach(id -> statuses.put(id, "rejected"));
    result
        .records()
        .waiting()
        .forEach(row -> {
          if (row.parked()) {
            statuses.put(row.id(), "parked");
          }
        });
    return statuses;
  }

  /// A replay meets again what was told of when it came in.
  private @Nullable Answer<List<I>> differing(Flight flight, Fold.Result<I> result) {
    return mode != Mode.LIVE || result.records().idle().isEmpty()
        ? null
        : stage
            .states()
            .differing(
                flight,
                result.records().idle().stream().map(entry -> entry.input().value()).toList());
  }

  private record Written<I>(Runnable check, @Nullable Answer<List<I>> differing) {}

  private SliceResult result(
      Slice<I> slice, TurnReader.Read<S, I, E> read, Fold.Result<I> result, Written<I> written) {
    TopicPartition partition = slice.partition();
    Advance advance = result.records().advances().get(partition);
    if (advance == null) {
      // another owner was here
      Position position = read.positions().get(partition);
      return new SliceResult(position, Counts.NONE, 0, null, List.of());
    }
    Answer<List<I>> found = written.differing();
    Set<I> differing = found == null ? Set.of() : new LinkedHashSet<>(found.get());
    List<DifferingCopy> copies =
        differing.isEmpty()
            ? List.of()
            : result.records().idle().stream()
                .filter(
                    entry -> isOf(entry, partition) && differing.contains(entry.input().value()))
                .map(entry -> DifferingCopy.of(entry.record(), entry.id()))
                .toList();
    return new SliceResult(
        advance.position(),
        advance.counts(),
        advance.changed(),
        result.records().culprits().get(partition),
        copies);
  }

  private static boolean isOf(Entry<?> entry, TopicPartition partition) {
    return entry.record().partition() == partition.partition()
        && entry.record().topic().equals(partition.topic());
  }
}
