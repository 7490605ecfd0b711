package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.StageTransaction.DifferingCopy;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a batch to its end: in one transaction; when that fails by a bug or for ever, record by
/// record, and the one that still fails becomes a dead letter. What is retryable goes up to the
/// caller, nothing having happened.
final class Settler<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(Settler.class);

  private final Database database;
  private final Inbox inbox;
  private final Consumer<Dead<?, ?>> letters;
  private final StageTransaction<K, S, I, E> transaction;

  // CONFINED: to the stage's thread. Letters of the batch at hand: one that waits for the database
  // and is tried again must not double them.
  private final Set<UUID> kept = new HashSet<>();

  /// @param letters keeps a dead record before it is called dead
  Settler(
      Database database,
      Inbox inbox,
      Consumer<Dead<?, ?>> letters,
      StageTransaction<K, S, I, E> transaction) {
    this.database = database;
    this.inbox = inbox;
    this.letters = letters;
    this.transaction = transaction;
  }

  /// @throws RetryableException when the database or Kafka is away
  /// @throws InterruptException when the stage is being stopped
  Settled settle(Batch<K, I> batch) {
    keep(
        batch.entries().stream()
            .filter(Dead.class::isInstance)
            .map(entry -> (Dead<K, I>) entry)
            .toList());
    Settled settled = commit(batch);
    kept.clear();
    return settled;
  }

  private Settled commit(Batch<K, I> batch) {
    try {
      return Blocking.answer(transaction.run(batch));
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      return batch.entries().size() > 1 ? commitSingly(batch) : bury(batch, e);
    }
  }

  private Settled commitSingly(Batch<K, I> batch) {
    var positions = new HashMap<TopicPartition, Stored>();
    Counts counts = Counts.NONE;
    var differing = new ArrayList<DifferingCopy>();
    for (Batch<K, I> single : batch.singly()) {
      Settled settled = commit(single);
      positions.putAll(settled.positions());
      counts = counts.plus(settled.counts());
      differing.addAll(settled.differing());
    }
    return new Settled(Map.copyOf(positions), counts, List.copyOf(differing));
  }

  private Settled bury(Batch<K, I> batch, RuntimeException failure) {
    if (batch.entries().isEmpty()) {
      throw failure; // the fault is in no record
    }
    return switch (batch.entries().getFirst()) {
      case Decoded<K, I>(var record, var input) -> {
        log.atError()
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .setCause(failure)
            .log("record cannot be applied: dead letter");
        var dead = new Dead<>(record, input.id(), RecordReader.cause(failure), input);
        keep(List.of(dead));
        yield commit(new Batch<>(batch.spans(), List.of(dead)));
      }
      // the aggregate cannot be told either: the record alone
      case Dead<K, I>(var record, var id, var cause, var input) when input != null ->
          commit(new Batch<>(batch.spans(), List.of(new Dead<>(record, id, cause, null))));
      case Dead<K, I> _, Foreign<K, I> _ -> throw failure;
    };
  }

  private void keep(List<Dead<K, I>> dead) {
    List<Dead<K, I>> todo = dead.stream().filter(letter -> !kept.contains(letter.id())).toList();
    if (todo.isEmpty() || transaction.isTrial()) {
      return;
    }
    Set<UUID> ids = todo.stream().map(Dead::id).collect(Collectors.toSet());
    boolean forced = transaction.isForced();
    Set<UUID> known = Blocking.answer(database.asStage(client -> inbox.known(client, ids, forced)));
    for (Dead<K, I> letter : todo) {
      if (!known.contains(letter.id()) && kept.add(letter.id())) {
        letters.accept(letter);
      }
    }
  }
}
