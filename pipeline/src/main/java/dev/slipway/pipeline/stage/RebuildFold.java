package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/// Folds the log of a stage into a shadow, from its beginning to the cut. Used by one thread.
///
/// | record | what becomes of it |
/// |---|---|
/// | the live stage called it dead | dead here too: what the aggregate is told then, it is told; no dead letter is written |
/// | this build cannot read or decide it | dead, so that the row differs |
/// | this build knows its `ce_type`, an earlier one did not | applied, so that its row is missing until a replay applies it |
final class RebuildFold<K extends Comparable<K>, S, I, E> {
  private final RebuildCut cut;
  private final RecordReader<K, S, I, E> reader;
  private final Settler<K, S, I, E> settler;
  private final ReplaySource source;
  private final Steps steps;
  private final long all;

  // CONFINED: to the rebuild's thread
  private long folded;
  private long left;

  private RebuildFold(
      RebuildCut cut,
      ShadowStage<K, S, I, E> stage,
      Settler<K, S, I, E> settler,
      ReplaySource source,
      Steps steps,
      Map<TopicPartition, Range> ranges) {
    this.cut = cut;
    this.reader = new RecordReader<>(stage);
    this.settler = settler;
    this.source = source;
    this.steps = steps;
    this.all = ranges.values().stream().mapToLong(range -> range.end() - range.next()).sum();
    this.left = all;
  }

  /// What happens between two batches.
  interface Steps {
    /// Whether to go on; false when the process ends or the shadow is no longer ours.
    boolean goOn();

    /// Tells how far it is.
    ///
    /// @param records how many were folded
    void at(int percent, long records);

    /// Waits before a batch is tried again.
    void await(Backoff backoff, RetryableException failure);
  }

  /// Puts an empty shadow at the beginning of the log.
  ///
  /// @param logs of the partitions of the cut
  /// @throws PermanentException when the log no longer holds all records that the stage has seen
  static <K extends Comparable<K>, S, I, E> RebuildFold<K, S, I, E> begin(
      Stage<K, S, I, E> live,
      Database shadow,
      RebuildCut cut,
      ReplaySource source,
      Map<TopicPartition, Log> logs,
      Steps steps) {
    Map<TopicPartition, Range> ranges = ranges(Blocking.answer(cut.positions()), logs);
    short id =
        Blocking.answer(shadow.asStage(client -> StagePositions.stageId(client, live.name())));
    var positions = new StagePositions(id);
    ranges.forEach((partition, range) -> {
      var start = new Stored(range.topicId(), range.next());
      var _ = Blocking.answer(shadow.asStage(client -> positions.begin(client, partition, start)));
    });
    var stage = new ShadowStage<>(live);
    var inbox = new Inbox(id);
    var transaction = new StageTransaction<>(shadow, stage, inbox, positions, Mode.CLAIM);
    var settler = new Settler<>(shadow, inbox, _ -> {}, transaction);
    source.begin(ranges);
    return new RebuildFold<>(cut, stage, settler, source, steps, ranges);
  }

  private static Map<TopicPartition, Range> ranges(
      Map<TopicPartition, Stored> positions, Map<TopicPartition, Log> logs) {
    var ranges = new HashMap<TopicPartition, Range>();
    positions.forEach((partition, position) -> {
      Log log = logs.get(partition);
      if (log == null || !log.topicId().equals(position.topicId())) {
        throw new PermanentException("the topic was made anew since the stage read it", null);
      }
      if (log.start() > 0) {
        throw new PermanentException(
            "the log of %s begins at offset %d: what stood before cannot be folded again"
                .formatted(partition, log.start()),
            null);
      }
      if (position.next() > 0) {
        ranges.put(partition, new Range(position.topicId(), 0, position.next()));
      }
    });
    return ranges;
  }

  /// Folds all of it.
  ///
  /// @return false when it was told not to go on
  boolean run(Backoff backoff) {
    while (source.hasMore()) {
      if (!steps.goOn()) {
        return false;
      }
      try {
        batch();
        backoff.reset();
      } catch (InvalidOffsetException e) {
        throw new PermanentException("the log no longer holds what the stage has seen", e);
      } catch (RetryableException e) {
        source.again();
        steps.await(backoff, e);
      }
    }
    return true;
  }

  /// How many records were folded.
  long folded() {
    return folded;
  }

  private void batch() {
    Polled polled = source.poll();
    if (polled.spans().isEmpty()) {
      return;
    }
    Batch<K, I> batch = asLive(polled.read(reader));
    source.settled(settler.settle(batch).positions());
    folded += batch.entries().size();
    left -= batch.spans().values().stream().mapToLong(span -> span.next() - span.from()).sum();
    steps.at((int) ((all - left) * 99 / all), folded);
  }

  private Batch<K, I> asLive(Batch<K, I> batch) {
    List<UUID> ids =
        batch.entries().stream()
            .filter(Decoded.class::isInstance)
            .map(entry -> ((Decoded<K, I>) entry).input().id())
            .toList();
    Set<UUID> dead = ids.isEmpty() ? Set.of() : Blocking.answer(cut.dead(ids));
    return dead.isEmpty()
        ? batch
        : new Batch<>(
            batch.spans(),
            batch.entries().stream()
                .map(entry ->
                    entry instanceof Decoded<K, I>(var record, var input)
                            && dead.contains(input.id())
                        ? new Dead<>(record, input.id(), "dead in the live stage", input)
                        : entry)
                .toList());
  }
}
