package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the replays of a stage, the oldest first, one batch a turn, on the stage's thread. All
/// progress is in Postgres: killed at any point, the next turn of any process goes on. Positions
/// are locked like the stage's own, so that two processes that replay at once settle each record
/// once.
final class ReplayRunner<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(ReplayRunner.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Stage<K, S, I, E> stage;
  private final short stageId;
  private final Database database;
  private final Inbox inbox;
  private final RecordReader<K, S, I, E> reader;
  private final DeadLetters deadLetters;
  private final LogReader logs;
  private final ReplaySource source;
  private final InstantSource clock;

  // CONFINED: to the stage's thread
  private @Nullable ReplayTask current;
  private Instant nextLook = Instant.MIN;

  ReplayRunner(Parts<K, S, I, E> parts) {
    this.stage = parts.stage();
    this.stageId = parts.stageId();
    this.database = parts.database();
    this.inbox = parts.inbox();
    this.reader = parts.reader();
    this.deadLetters = parts.deadLetters();
    this.logs = parts.logs();
    this.source = parts.source();
    this.clock = parts.clock();
  }

  /// What it works with.
  record Parts<K extends Comparable<K>, S, I, E>(
      Stage<K, S, I, E> stage,
      short stageId,
      Database database,
      Inbox inbox,
      RecordReader<K, S, I, E> reader,
      DeadLetters deadLetters,
      LogReader logs,
      ReplaySource source,
      InstantSource clock) {}

  /// Whether a replay is under way.
  boolean active() {
    return current != null;
  }

  /// Does one batch of the oldest replay, or looks for one.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when Kafka or Postgres is away
  void step() {
    ReplayTask task = current == null ? look() : current;
    if (task == null) {
      return;
    }
    if (!source.hasMore()) {
      end(task, "DONE", "");
      return;
    }
    try {
      Polled polled = source.poll();
      if (polled.spans().isEmpty()) {
        return;
      }
      Settled settled = settler(task).settle(polled.read(reader));
      if (settled.positions().keySet().containsAll(polled.spans().keySet())) {
        source.settled(settled.positions());
      } else {
        end(task, "STOPPED", "somebody deleted its positions: ask for a replay again");
      }
    } catch (InvalidOffsetException e) {
      end(task, "STOPPED", "the log no longer holds the range: choose one that begins later");
    } catch (RetryableException e) {
      source.again();
      throw e;
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      // a replay that cannot go on must not keep live records waiting
      log.atError()
          .addKeyValue("stage", stage.name())
          .addKeyValue("replay_id", task.replayId())
          .setCause(e)
          .log("replay failed");
      end(task, "STOPPED", "bug: " + e.getClass().getSimpleName());
    }
  }

  private @Nullable ReplayTask look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook)) {
      return null;
    }
    nextLook = now.plus(LOOK_EVERY);
    ReplayTask found =
        Blocking.answerOrNull(database.asStage(client -> ReplayTask.oldest(client, stageId)));
    if (found != null && isSameLog(found)) {
      log.atInfo()
          .addKeyValue("stage", stage.name())
          .addKeyValue("replay_id", found.replayId())
          .log("replay runs");
      source.begin(found.ranges());
      current = found;
    }
    return current;
  }

  private boolean isSameLog(ReplayTask task) {
    Map<TopicPartition, Log> found = logs.read(task.ranges().keySet());
    boolean same =
        task.ranges().entrySet().stream()
            .allMatch(entry -> {
              Log actual = found.get(entry.getKey());
              return actual != null && actual.topicId().equals(entry.getValue().topicId());
            });
    if (!same) {
      end(task, "STOPPED", "the topic was made anew since the replay was asked for");
    }
    return same;
  }

  private void end(ReplayTask task, String state, String reason) {
    var _ = Blocking.answerOrNull(database.asStage(client -> task.end(client, state, reason)));
    log.atInfo()
        .addKeyValue("stage", stage.name())
        .addKeyValue("replay_id", task.replayId())
        .addKeyValue("state", state)
        .log("replay ended");
    source.end();
    current = null;
    nextLook = Instant.MIN;
  }

  private Settler<K, S, I, E> settler(ReplayTask task) {
    Mode mode =
        switch (task.mode()) {
          case KNOWN -> Mode.CLAIM;
          case FORCE -> Mode.FORCE;
          case FORCE_APPLY -> Mode.FORCE_APPLY;
        };
    var positions = new ReplayPositions(task.replayId());
    return new Settler<>(
        database,
        inbox,
        deadLetters::keep,
        new StageTransaction<>(database, stage, inbox, positions, mode));
  }
}
