package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.publish.Outbox;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Inbox.Status;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// A batch in one transaction: lock the positions, claim the inbox, lock the states sorted by key,
/// fold `decide` in offset order, write states and positions. A handful of statements, however
/// large the batch.
final class StageTransaction<K extends Comparable<K>, S, I, E> {
  private final Database database;
  private final Stage<K, S, I, E> stage;
  private final Inbox inbox;
  private final Positions positions;
  private final Mode mode;

  StageTransaction(
      Database database, Stage<K, S, I, E> stage, Inbox inbox, Positions positions, Mode mode) {
    this.database = database;
    this.stage = stage;
    this.inbox = inbox;
    this.positions = positions;
    this.mode = mode;
  }

  /// What a batch is decided for.
  enum Mode {
    /// Claim ids; what is known changes nothing, and copies that differ from it are told.
    LIVE,
    /// Claim ids; what is known changes nothing.
    CLAIM,
    /// Decide as if every id were unknown, and write nothing but positions.
    FORCE,
    /// Decide as if every id were unknown, and write.
    FORCE_APPLY
  }

  /// Whether it writes nothing but positions.
  boolean isTrial() {
    return mode == Mode.FORCE;
  }

  /// Whether what is dead here may be on record as something else.
  boolean isForced() {
    return switch (mode) {
      case LIVE, CLAIM -> false;
      case FORCE, FORCE_APPLY -> true;
    };
  }

  /// Runs it.
  ///
  /// @return what it came to; its positions say where the next record of each partition must be
  ///   read
  Mono<Settled> run(Batch<K, I> batch) {
    return database
        .asStage(client ->
            positions
                .lock(client, batch.spans().keySet())
                .flatMap(locked -> settle(client, batch.trimmedTo(locked), locked)))
        .doOnNext(_ -> stage.committed());
  }

  private Mono<Settled> settle(
      DatabaseClient client, Batch<K, I> batch, Map<TopicPartition, Stored> locked) {
    return claim(client, batch)
        .flatMap(
            claimed -> load(client, batch, claimed).map(before -> fold(batch, claimed, before)))
        .flatMap(fold ->
            write(client, fold)
                .then(Mono.defer(() -> differing(client, fold)))
                .map(found -> Settled.of(locked, fold.advances(), found)));
  }

  private Fold.Result<K, S, I> fold(Batch<K, I> batch, Set<UUID> claimed, Map<K, S> before) {
    try {
      return Fold.of(stage, batch, claimed, before, isForced());
    } catch (Error e) {
      // as it is, Reactor would throw it at the connection's reader, and nobody who waits hear of
      // it
      throw new CompletionException(e);
    }
  }

  private Mono<Set<UUID>> claim(DatabaseClient client, Batch<K, I> batch) {
    var statuses = new TreeMap<UUID, Status>();
    for (Entry<K, I> entry : batch.entries()) {
      switch (entry) {
        case Decoded<K, I>(_, var input) -> statuses.putIfAbsent(input.id(), Status.APPLIED);
        case Dead<K, I>(_, var id, _, _) -> statuses.putIfAbsent(id, Status.DEAD);
        case Foreign<K, I> _ -> {}
      }
    }
    return switch (mode) {
      case LIVE, CLAIM -> inbox.claim(client, statuses);
      case FORCE -> Mono.just(statuses.keySet());
      case FORCE_APPLY -> inbox.put(client, statuses).thenReturn(statuses.keySet());
    };
  }

  private Mono<Map<K, S>> load(DatabaseClient client, Batch<K, I> batch, Set<UUID> claimed) {
    var inputs = new TreeMap<K, List<I>>();
    for (Entry<K, I> entry : batch.entries()) {
      switch (entry) {
        case Decoded<K, I>(_, var input) when claimed.contains(input.id()) -> told(inputs, input);
        case Dead<K, I>(_, var id, _, var input) when input != null && claimed.contains(id) ->
            told(inputs, input);
        case Decoded<K, I> _, Dead<K, I> _, Foreign<K, I> _ -> {}
      }
    }
    return inputs.isEmpty() ? Mono.just(Map.of()) : stage.states().lock(client, inputs);
  }

  private static <K, I> void told(Map<K, List<I>> inputs, Input<K, I> input) {
    inputs.computeIfAbsent(input.key(), _ -> new ArrayList<>()).add(input.value());
  }

  private Mono<Void> write(DatabaseClient client, Fold.Result<K, S, I> fold) {
    List<Write> writes = new ArrayList<>();
    Mono<Void> states = Mono.empty();
    if (mode != Mode.FORCE) {
      if (!fold.changed().isEmpty()) {
        states = stage.states().write(client, fold.changed());
      }
      if (!fold.outputs().isEmpty()) {
        writes.add(Outbox.append(fold.outputs()));
      }
      if (!fold.rejected().isEmpty()) {
        writes.add(inbox.reject(fold.rejected()));
      }
    }
    if (!fold.advances().isEmpty()) {
      writes.add(positions.advance(fold.advances()));
    }
    return states.then(Write.together(client, writes));
  }

  /// A replay meets again what was told of when it came in.
  private Mono<List<DifferingCopy>> differing(DatabaseClient client, Fold.Result<K, S, I> fold) {
    if (mode != Mode.LIVE || fold.idle().isEmpty()) {
      return Mono.just(List.of());
    }
    List<I> repeats = fold.idle().stream().map(entry -> entry.input().value()).toList();
    return stage
        .states()
        .differing(client, repeats)
        .map(found ->
            fold.idle().stream()
                .filter(entry -> found.contains(entry.input().value()))
                .map(entry -> DifferingCopy.of(entry.record(), entry.input().id()))
                .toList());
  }

  /// A record that differs from the one of the same identity that counts.
  ///
  /// @param id its `ce_id`
  record DifferingCopy(UUID id, LogPosition position) {
    static DifferingCopy of(ConsumerRecord<?, ?> record, UUID id) {
      return new DifferingCopy(
          id, new LogPosition(record.topic(), record.partition(), record.offset()));
    }
  }

  /// What a transaction came to.
  ///
  /// @param positions where the next record of each partition must be read; without partitions that
  ///   have no position any more
  /// @param counts what became of the records
  /// @param differing copies that say something else than what they repeat
  record Settled(
      Map<TopicPartition, Stored> positions, Counts counts, List<DifferingCopy> differing) {
    static Settled of(
        Map<TopicPartition, Stored> locked,
        Map<TopicPartition, Positions.Advance> advances,
        List<DifferingCopy> differing) {
      var positions = new HashMap<>(locked);
      advances.forEach((partition, advance) ->
          positions.computeIfPresent(
              partition, (_, was) -> new Stored(was.topicId(), advance.next())));
      return new Settled(
          Map.copyOf(positions),
          advances.values().stream()
              .map(Positions.Advance::counts)
              .reduce(Counts.NONE, Counts::plus),
          differing);
    }
  }
}
