package dev.slipway.pipeline.rebuild;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.replay.LogRange;
import dev.slipway.pipeline.replay.ReplaySource;
import dev.slipway.pipeline.stage.Mode;
import dev.slipway.pipeline.stage.PastEvents;
import dev.slipway.pipeline.stage.PastSettler;
import dev.slipway.pipeline.stage.PastSettler.Past;
import dev.slipway.pipeline.stage.Position;
import dev.slipway.pipeline.stage.Positions;
import dev.slipway.pipeline.stage.RecordReader;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.pipeline.stage.StageTransaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;

/// Folds the log of a stage into a shadow, from its beginning to the cut. Used by one thread.
///
/// | record | what becomes of it |
/// |---|---|
/// | the live stage called it dead | dead here too: what the aggregate is told then, it is told; no dead letter is written |
/// | this build cannot read or decide it | dead, so that the row differs |
/// | this build knows its `ce_type`, an earlier one did not | applied, so that its row is missing until a replay applies it |
final class RebuildFold {
  private final Settles settles;
  private final ReplaySource source;
  private final Rebuild.Steps steps;
  private final long all;

  // CONFINED: to the rebuild's thread
  private long folded;
  private long left;

  private RebuildFold(
      Settles settles,
      ReplaySource source,
      Rebuild.Steps steps,
      Map<TopicPartition, LogRange> ranges) {
    this.settles = settles;
    this.source = source;
    this.steps = steps;
    this.all = ranges.values().stream().mapToLong(range -> range.end() - range.next()).sum();
    this.left = all;
  }

  /// What becomes of a batch.
  @FunctionalInterface
  private interface Settles {
    /// @return where each partition is read next
    Map<TopicPartition, Position> settle(List<Past> past);
  }

  /// Begins with the events of a stage.
  ///
  /// @param logs of the partitions of their topic, up to where they are folded
  /// @throws PermanentException when the log no longer holds all of them
  static RebuildFold ofEvents(
      PastEvents<?, ?, ?> events,
      ReplaySource source,
      Map<TopicPartition, Log> logs,
      Rebuild.Steps steps) {
    var ranges = new HashMap<TopicPartition, LogRange>();
    logs.forEach((partition, log) -> {
      requireBeginning(partition, log);
      if (log.end() > 0) {
        ranges.put(partition, new LogRange(log.topicId(), 0, log.end()));
      }
    });
    source.begin(ranges);
    return new RebuildFold(
        past -> {
          events.fold(past.stream().flatMap(one -> one.records().stream()).toList());
          return past.stream()
              .collect(
                  Collectors.toMap(Past::partition, one -> Position.at(one.topicId(), one.next())));
        },
        source,
        steps,
        ranges);
  }

  /// Begins with the inputs of a stage: puts the shadow at the beginning of the log.
  ///
  /// @param logs of the partitions of the cut, from where they are folded
  /// @throws PermanentException when the topic was made anew
  static <S, I, E> RebuildFold begin(
      Stage<S, I, E> stage,
      RecordReader<I> reader,
      Database shadow,
      RebuildCut cut,
      ReplaySource source,
      Map<TopicPartition, Log> logs,
      Rebuild.Steps steps) {
    Map<TopicPartition, LogRange> ranges = ranges(cut.positions(), logs);
    short id =
        shadow.inStage(transaction -> {
          short stageId = StagePositions.stageId(transaction, stage.name());
          var positions = new StagePositions(stageId);
          ranges.forEach((partition, range) -> {
            boolean _ =
                positions.begin(transaction, partition, Position.at(range.topicId(), range.next()));
          });
          return stageId;
        });
    var transaction =
        new StageTransaction<>(shadow, stage, id, Positions.ofStage(id), Mode.FOLD, null);
    source.begin(ranges);
    var settler = PastSettler.rebuilding(transaction, reader);
    return new RebuildFold(past -> settler.settle(past, cut::dead), source, steps, ranges);
  }

  private static Map<TopicPartition, LogRange> ranges(
      Map<TopicPartition, Position> positions, Map<TopicPartition, Log> logs) {
    var ranges = new HashMap<TopicPartition, LogRange>();
    positions.forEach((partition, position) -> {
      Log log = logs.get(partition);
      if (log == null || !log.topicId().equals(position.topicId())) {
        throw new PermanentException("the topic was made anew since the stage read it", null);
      }
      if (position.next() < log.start()) {
        throw new PermanentException(
            "records of %s from offset %d to %d are gone before the stage saw them"
                .formatted(partition, position.next(), log.start()),
            null);
      }
      if (position.next() > log.start()) {
        ranges.put(partition, new LogRange(position.topicId(), log.start(), position.next()));
      }
    });
    return ranges;
  }

  /// @throws PermanentException when a partition no longer holds its first record
  static void requireBeginning(TopicPartition partition, Log log) {
    if (log.start() > 0) {
      throw new PermanentException(
          "the log of %s begins at offset %d: what stood before cannot be folded again"
              .formatted(partition, log.start()),
          null);
    }
  }

  /// Folds all of it.
  ///
  /// @throws RetryableException when something is away for longer than the steps wait
  void run() {
    while (source.hasMore()) {
      try {
        batch();
      } catch (InvalidOffsetException e) {
        throw new PermanentException(
            "the log no longer holds what it held a moment ago: run it again", e);
      } catch (RetryableException e) {
        steps.await(e);
        source.again();
      }
    }
  }

  /// How many records were folded.
  long folded() {
    return folded;
  }

  private void batch() {
    List<Past> past = source.poll();
    if (past.isEmpty()) {
      return;
    }
    source.settled(settles.settle(past));
    folded += past.stream().mapToLong(one -> one.records().size()).sum();
    left -= past.stream().mapToLong(one -> one.next() - one.from()).sum();
    steps.at((int) ((all - left) * 99 / all), folded);
  }
}
