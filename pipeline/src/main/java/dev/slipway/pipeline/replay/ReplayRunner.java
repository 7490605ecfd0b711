package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.DeadLetters;
import dev.slipway.pipeline.stage.Mode;
import dev.slipway.pipeline.stage.PastSettler;
import dev.slipway.pipeline.stage.PastSettler.Past;
import dev.slipway.pipeline.stage.Position;
import dev.slipway.pipeline.stage.RecordReader;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.StageTransaction;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the replays of a stage, the oldest first, on a thread and with a consumer of its own: one
/// that fails delays no live record. All progress is in Postgres: killed at any point, any process
/// goes on. Positions are locked like the stage's own, so that two processes that replay at once
/// settle each record once.
final class ReplayRunner<S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(ReplayRunner.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final StageRunner<S, I, E> stage;
  private final Database database;
  private final Clock clock;
  private final StoppableThread thread;

  // CONFINED: to the replays' thread, as what follows
  private final Backoff backoff;
  private short stageId; // 0 until the database has told it

  ReplayRunner(StageRunner<S, I, E> stage, Clock clock) {
    this.stage = stage;
    this.database = stage.database();
    this.clock = clock;
    Duration longest = stage.properties().maxBackoff();
    this.backoff = new Backoff(stage.properties().minBackoff(), longest);
    this.thread =
        new StoppableThread(Thread.ofVirtual().name(stage.name() + "-replay"), this::look, longest);
  }

  StoppableThread thread() {
    return thread;
  }

  private void look() {
    try {
      if (stageId == 0) {
        stageId =
            database.inStage(transaction -> StagePositions.stageId(transaction, stage.name()));
      }
      Optional<ReplayTask> oldest =
          database.inStage(transaction -> ReplayTask.oldest(transaction, stageId));
      if (oldest.isEmpty()) {
        thread.rest(LOOK_EVERY);
      } else {
        run(oldest.get());
      }
      backoff.reset();
    } catch (RetryableException e) {
      thread.rest(backoff.next(e));
    }
  }

  private void run(ReplayTask task) {
    log.atInfo()
        .addKeyValue("stage", stage.name())
        .addKeyValue("replay_id", task.replayId())
        .log("replay runs");
    try (var logs = new LogReader(stage.clients().admin(stage.name() + "-replay-admin"));
        var letters =
            DeadLetters.of(stage.stage(), stage.clients(), stage.name() + "-replay", clock);
        var source = new ReplaySource(consumer())) {
      if (!isSameLog(logs, task)) {
        end(task, "STOPPED", "the topic was made anew since the replay was asked for");
        return;
      }
      source.begin(task.ranges());
      run(task, source, settler(task, letters));
    }
  }

  private void run(ReplayTask task, ReplaySource source, PastSettler<S, I, E> settler) {
    try {
      while (source.hasMore()) {
        if (thread.isStopping()) {
          return;
        }
        if (!batch(source, settler)) {
          end(task, "STOPPED", "somebody deleted its positions: ask for a replay again");
          return;
        }
      }
      end(task, "DONE", "");
    } catch (InvalidOffsetException e) {
      end(task, "STOPPED", "the log no longer holds the range: choose one that begins later");
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("stage", stage.name())
          .addKeyValue("replay_id", task.replayId())
          .setCause(e)
          .log("replay failed");
      end(task, "STOPPED", "bug: " + e.getClass().getSimpleName());
    }
  }

  /// One batch, tried again for as long as something is away.
  ///
  /// @return false when its positions are gone
  private boolean batch(ReplaySource source, PastSettler<S, I, E> settler) {
    try {
      List<Past> past = source.poll();
      if (past.isEmpty()) {
        return true;
      }
      Map<TopicPartition, Position> positions = settler.settle(past, _ -> Set.of());
      source.settled(positions);
      backoff.reset();
      return past.stream().allMatch(one -> positions.containsKey(one.partition()));
    } catch (RetryableException e) {
      source.again();
      thread.rest(backoff.next(e));
      return true;
    }
  }

  private static boolean isSameLog(LogReader logs, ReplayTask task) {
    Map<TopicPartition, Log> found = logs.read(task.ranges().keySet());
    return task.ranges().entrySet().stream()
        .allMatch(entry -> {
          Log actual = found.get(entry.getKey());
          return actual != null && actual.topicId().equals(entry.getValue().topicId());
        });
  }

  private void end(ReplayTask task, String state, String reason) {
    var _ =
        database.inStage(transaction -> {
          task.end(transaction, state, reason);
          return true;
        });
    log.atInfo()
        .addKeyValue("stage", stage.name())
        .addKeyValue("replay_id", task.replayId())
        .addKeyValue("state", state)
        .log("replay ended");
  }

  private PastSettler<S, I, E> settler(ReplayTask task, DeadLetters letters) {
    Mode mode =
        switch (task.mode()) {
          case KNOWN -> Mode.CLAIM;
          case FORCE -> Mode.FORCE;
          case FORCE_APPLY -> Mode.FORCE_APPLY;
        };
    var transaction =
        new StageTransaction<>(
            database,
            stage.stage(),
            stageId,
            task.positions(),
            mode,
            mode == Mode.CLAIM ? null : task.replayId());
    return PastSettler.replaying(
        transaction, RecordReader.of(stage.stage(), stage.clients().topicNames()), letters);
  }

  private Consumer<byte[], byte[]> consumer() {
    return stage
        .clients()
        .newConsumer(stage.properties().consumer(stage.clients(), stage.name() + "-replay"));
  }
}
