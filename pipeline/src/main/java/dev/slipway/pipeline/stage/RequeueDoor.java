package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.DeadLetterRows.Head;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The door of records that waited: reads those that were requeued, and those that were parked once
/// nothing stands before them, and settles each in a transaction of its own, on a thread and with a
/// consumer of its own. All that it knows is in Postgres: killed at any point, any process goes on.
///
/// Why no order is lost: a record's row goes in the transaction that applies it, and whoever comes
/// later in its lane looks at the rows under the same locks, of its partition and of its
/// aggregates. He finds the row and waits behind it, even if it goes at that moment, and then is
/// the first of the lane himself, which the next look finds; or he finds none, and what stood
/// before him is applied.
///
/// | what fails | what happens |
/// |---|---|
/// | reading or deciding it, for ever | dead, with its new cause |
/// | nobody has its bytes any more | dead, with a cause that says so |
/// | database, Kafka or registry away, a statement takes too long | later, while others go on |
final class RequeueDoor<S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(RequeueDoor.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final int MOST = 100;

  private final StageProcess<S, I, E> process;
  private final StageTransaction<S, I, E> transaction;
  private final KafkaClients clients;
  private final Database database;
  private final DeadLetterRows rows;
  private final Committer.Wakes wakes;
  private final StoppableThread thread;

  // CONFINED: to the door's thread
  private final Backoff backoff;

  RequeueDoor(
      StageProcess<S, I, E> process,
      KafkaClients clients,
      Database database,
      short stageId,
      Committer.Wakes wakes) {
    this.process = process;
    this.transaction =
        new StageTransaction<>(
            database, process.stage(), stageId, Positions.ofStage(stageId), Mode.REQUEUE, null);
    this.clients = clients;
    this.database = database;
    this.rows = new DeadLetterRows(stageId);
    this.wakes = wakes;
    Duration longest = process.properties().maxBackoff();
    this.backoff = new Backoff(process.properties().minBackoff(), longest);
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(process.stage().name() + "-requeue"), this::look, longest);
  }

  StoppableThread thread() {
    return thread;
  }

  private void look() {
    try {
      List<Head> heads = heads();
      if (heads.isEmpty() || !settle(heads)) {
        thread.rest(LOOK_EVERY);
      }
      backoff.reset();
    } catch (RetryableException e) {
      thread.rest(backoff.next(e));
    }
  }

  private List<Head> heads() {
    return database.inStage(transaction -> rows.heads(transaction, MOST));
  }

  /// These, and whatever they stood before.
  ///
  /// @return false when the last of it was another process's
  private boolean settle(List<Head> first) {
    try (var records = WaitingRecords.of(process.stage(), clients, process.properties());
        var letters =
            DeadLetters.of(
                process.stage(), clients, process.stage().name() + "-requeue", process.clock())) {
      List<Head> heads = first;
      boolean isGoingOn = true;
      while (isGoingOn && !heads.isEmpty()) {
        RetryableException away = null;
        isGoingOn = false;
        for (Head head : heads) {
          if (thread.isStopping()) {
            return true;
          }
          try {
            isGoingOn |= settle(head, records, letters);
          } catch (RetryableException e) {
            away = e;
          }
        }
        if (away != null) {
          throw away;
        }
        heads = heads();
      }
      return isGoingOn;
    }
  }

  /// @return false when another process was faster
  private boolean settle(Head head, WaitingRecords records, DeadLetters letters) {
    Optional<ConsumerRecord<byte[], byte[]>> record = records.find(head);
    if (record.isEmpty()) {
      return dead(head, "its log no longer has it, nor has the dead-letter topic all of it");
    }
    return switch (process.reader().read(List.of(record.get()), head.topicId()).getFirst()) {
      case Decoded<I> decoded -> apply(head, decoded, letters);
      case Dead<I> dead -> bury(head, dead, letters);
      case Entry.Foreign<I> _ -> dead(head, "this build does not know its ce_type");
    };
  }

  private boolean apply(Head head, Decoded<I> decoded, DeadLetters letters) {
    try {
      return settled(head, requeue(head, decoded));
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      FoldFailures.log(
          process.stage().name(), "a record that waited cannot be applied", "" + head.id(), e);
      return bury(
          head,
          new Dead<>(decoded.record(), decoded.id(), RecordReader.cause(e), decoded, false),
          letters);
    }
  }

  /// Another transaction that was faster is no fault of the record, the first time.
  private Optional<Settled> requeue(Head head, Entry<I> entry) {
    try {
      return transaction.requeue(head, entry);
    } catch (ConflictException _) {
      return transaction.requeue(head, entry);
    }
  }

  private boolean settled(Head head, Optional<Settled> settled) {
    settled.ifPresent(now -> {
      if (now.hasOutputs()) {
        wakes.outputs();
      }
      if (now.nextDeadline() != null) {
        wakes.deadline(now.nextDeadline());
      }
      log.atInfo()
          .addKeyValue("stage", process.stage().name())
          .addKeyValue("ce_id", head.id())
          .addKeyValue("topic", head.partition().topic())
          .addKeyValue("partition", head.partition().partition())
          .addKeyValue("offset", head.offset())
          .log("a record that waited is settled");
    });
    return settled.isPresent();
  }

  /// What was parked dies as any other does: with a letter, and its aggregate is told.
  private boolean bury(Head head, Dead<I> dead, DeadLetters letters) {
    if (!head.parked()) {
      return dead(head, dead.cause());
    }
    letters.keep(dead);
    try {
      return settled(head, requeue(head, dead));
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      FoldFailures.log(
          process.stage().name(), "aggregate cannot be told of a failure", "" + head.id(), e);
      return dead(head, dead.cause());
    }
  }

  private boolean dead(Head head, String cause) {
    if (!transaction.dead(head, cause)) {
      return false;
    }
    log.atWarn()
        .addKeyValue("stage", process.stage().name())
        .addKeyValue("ce_id", head.id())
        .addKeyValue("cause", cause)
        .log("a record that waited is dead");
    return true;
  }
}
