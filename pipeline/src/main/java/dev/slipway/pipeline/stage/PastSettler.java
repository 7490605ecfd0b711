package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Settles records of the past on the caller's thread: a replay's, a rebuild's. Used by one thread.
public final class PastSettler<S, I, E> {
  private final StageTransaction<S, I, E> transaction;
  private final RecordReader<I> reader;
  private final Letters letters;

  /// @param letters keeps records that can never be settled
  PastSettler(StageTransaction<S, I, E> transaction, RecordReader<I> reader, Letters letters) {
    this.transaction = transaction;
    this.reader = reader;
    this.letters = letters;
  }

  /// Where records go that can never be settled.
  interface Letters {
    /// Keeps it; returns when it is kept.
    void keep(Dead<?> dead);
  }

  /// Of a replay.
  ///
  /// @param letters the stage's own
  public static <S, I, E> PastSettler<S, I, E> replaying(
      StageTransaction<S, I, E> transaction, RecordReader<I> reader, DeadLetters letters) {
    return new PastSettler<>(transaction, reader, letters::keep);
  }

  /// Of a rebuild: nobody gets a letter.
  public static <S, I, E> PastSettler<S, I, E> rebuilding(
      StageTransaction<S, I, E> transaction, RecordReader<I> reader) {
    return new PastSettler<>(transaction, reader, _ -> {});
  }

  /// Records of one partition.
  ///
  /// @param next the offset after the last covered
  public record Past(
      TopicPartition partition,
      String topicId,
      long from,
      long next,
      List<ConsumerRecord<byte[], byte[]>> records) {}

  /// Settles all of it.
  ///
  /// @param dead those of the records that are to be called dead; empty but in a rebuild
  /// @return where each partition is read next; without those that have no position any more
  /// @throws RetryableException when the database, Kafka or the registry is away
  public Map<TopicPartition, Position> settle(List<Past> past, DeadOnRecord dead) {
    var positions = new HashMap<TopicPartition, Position>();
    Deque<Slice<I>> todo = new ArrayDeque<>();
    for (Past one : past) {
      todo.add(slice(one, dead));
    }
    List<Slice<I>> first = List.copyOf(todo);
    todo.clear();
    settle(first, positions, todo);
    while (!todo.isEmpty()) {
      settle(List.of(todo.poll()), positions, todo);
    }
    return positions;
  }

  /// Which records the live stage has called dead.
  @FunctionalInterface
  public interface DeadOnRecord {
    /// Those of these that are.
    Set<UUID> of(Set<UUID> ids);
  }

  private Slice<I> slice(Past past, DeadOnRecord onRecord) {
    List<Entry<I>> entries = reader.read(past.records(), past.topicId());
    Set<UUID> ids =
        entries.stream()
            .filter(Entry.Decoded.class::isInstance)
            .map(entry -> ((Entry.Decoded<I>) entry).id())
            .collect(Collectors.toSet());
    Set<UUID> dead = onRecord.of(ids);
    List<Entry<I>> asLive = new ArrayList<>();
    for (Entry<I> entry : entries) {
      asLive.add(
          entry instanceof Entry.Decoded<I> decoded && dead.contains(decoded.id())
              ? new Dead<>(decoded.record(), decoded.id(), "dead in the live stage", decoded, false)
              : entry);
    }
    return new Slice<>(past.partition(), past.topicId(), past.from(), past.next(), null, asLive);
  }

  private void settle(
      List<Slice<I>> slices, Map<TopicPartition, Position> positions, Deque<Slice<I>> rest) {
    slices.forEach(this::keep);
    var sink = new Results();
    new Settler<>(transaction, sink).settle(new Turn<>(List.of(), slices), false);
    if (sink.failure != null) {
      throw sink.failure;
    }
    for (Settling<I> one : sink.settlings) {
      Position position = one.result.position();
      if (position == null) {
        positions.remove(one.slice.partition());
        continue;
      }
      positions.put(one.slice.partition(), position);
      SliceResult.Culprit culprit = one.result.culprit();
      if (culprit != null) {
        if (culprit.failure() instanceof EffectsInReplayException effects) {
          throw effects;
        }
        Slice<I> behind = one.slice.from(position.next());
        rest.add(behind.firstAsDead(culprit.failure()));
        if (behind.entries().size() > 1) {
          rest.add(behind.without(1));
        }
      }
    }
  }

  private void keep(Slice<I> slice) {
    List<Dead<I>> dead =
        slice.entries().stream()
            .filter(Dead.class::isInstance)
            .map(entry -> (Dead<I>) entry)
            .filter(entry -> !entry.kept())
            .toList();
    if (dead.isEmpty() || transaction.mode() == Mode.FORCE) {
      return;
    }
    Set<UUID> known =
        transaction.known(
            dead.stream().map(Dead::id).collect(Collectors.toSet()), transaction.mode().isForced());
    dead.stream().filter(letter -> !known.contains(letter.id())).forEach(letters::keep);
  }

  private record Settling<I>(Slice<I> slice, SliceResult result) {}

  /// What became of one turn.
  private final class Results implements Settler.Sink<S, I, E> {
    // CONFINED: to the call that it was made for
    private final List<Settling<I>> settlings = new ArrayList<>();
    private @Nullable RetryableException failure;

    @Override
    public void committed(Settled settled) {
      // nobody is to be woken by what is past
    }

    @Override
    public void settled(Slice<I> slice, SliceResult result) {
      settlings.add(new Settling<>(slice, result));
    }

    @Override
    public void later(Turn<S, I, E> turn) {
      failure =
          new RetryableException("a record takes too long by itself", Duration.ofSeconds(1), null);
    }

    @Override
    public boolean await(RetryableException away) {
      failure = away;
      return false;
    }

    @Override
    public void failed(Ask<S, I, E> ask, RuntimeException bug) {
      throw bug;
    }
  }
}
