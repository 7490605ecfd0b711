package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Shadow;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.RebuildCut.Comparison;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/// Runs the rebuilds of a stage on a thread of its own, the oldest first, one at a time in all
/// processes: whoever has the [Shadow] runs it. Killed, it begins again from the beginning in
/// whichever process finds the shadow free; what was left of it is dropped first.
final class RebuildRunner<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(RebuildRunner.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_ATTEMPTS = 5;

  private final Stage<K, S, I, E> stage;
  private final Database database;
  private final KafkaClients clients;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final StageProperties properties;
  private final InstantSource clock;
  private final StoppableThread thread;

  // CONFINED: to the rebuild's thread
  private final Backoff backoff;
  private boolean swept;
  private boolean waiting;

  RebuildRunner(
      Stage<K, S, I, E> stage,
      Database database,
      KafkaClients clients,
      Supplier<Consumer<byte[], byte[]>> consumers,
      StageProperties properties,
      InstantSource clock) {
    this.stage = stage;
    this.database = database;
    this.clients = clients;
    this.consumers = consumers;
    this.properties = properties;
    this.clock = clock;
    this.backoff = backoff();
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage.name() + "-rebuild"),
            this::look,
            properties.maxBackoff());
  }

  void start() {
    thread.start();
  }

  /// What runs is given up; whoever has the stage next begins it again.
  void stop() {
    thread.stop(PATIENCE);
  }

  boolean isAlive() {
    return !thread.isDead();
  }

  private void look() {
    try {
      short id = stageId();
      // the first look is for what a killed process left, whether or not anybody wants a rebuild
      if (!swept || wanted(id)) {
        run(id);
        swept = true;
      }
      backoff.reset();
      waiting = false;
      thread.rest(LOOK_EVERY);
    } catch (RetryableException e) {
      await(backoff, e);
    }
  }

  private short stageId() {
    return Blocking.answer(
        database.asStage(client -> StagePositions.stageId(client, stage.name())));
  }

  private boolean wanted(short stageId) {
    return Blocking.answer(database.asStage(client -> RebuildTask.isWanted(client, stageId)));
  }

  private void run(short stageId) {
    Optional<Shadow> free = Shadow.open(database, "rebuild_" + stageId);
    if (free.isEmpty()) {
      return; // another process is at it
    }
    try (Shadow shadow = free.get()) {
      RebuildTask task =
          Blocking.answerOrNull(database.asStage(client -> RebuildTask.begin(client, stageId)));
      if (task != null) {
        run(task, stageId, shadow);
      }
    }
  }

  private void run(RebuildTask task, short stageId, Shadow shadow) {
    log("rebuild runs", task);
    try {
      if (task.attempt() > MOST_ATTEMPTS) {
        throw new PermanentException(
            "it was begun %d times and never came to its end".formatted(MOST_ATTEMPTS), null);
      }
      verify(task, stageId, shadow);
    } catch (RetryableException | InterruptException e) {
      throw e;
    } catch (PermanentException e) {
      stop(task, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("stage", stage.name())
          .addKeyValue("rebuild_id", task.rebuildId())
          .setCause(e)
          .log("rebuild failed");
      stop(task, "bug: " + e.getClass().getSimpleName());
    }
  }

  private void verify(RebuildTask task, short stageId, Shadow shadow) {
    RebuildCut cut = RebuildCut.take(shadow, stageId, stage.states().tables());
    var steps = new Steps(task, shadow);
    long records;
    try (var logs = new LogReader(clients.admin(stage.name() + "-rebuild-admin"));
        var source = new ReplaySource(consumers.get())) {
      Map<TopicPartition, Log> found = logs(cut, logs, steps);
      if (found == null) {
        return;
      }
      var fold = RebuildFold.begin(stage, shadow.database(), cut, source, found, steps);
      if (!fold.run(backoff())) {
        return;
      }
      records = fold.folded();
    }
    Comparison result = cut.compare();
    write(
        database.asStage(
            client -> task.done(client, records, result.tables(), result.differences())));
    log(result.isEqual() ? "rebuild is equal" : "rebuild differs", task);
  }

  /// Waits for Kafka and the registry.
  ///
  /// @return null when it is not to go on
  private @Nullable Map<TopicPartition, Log> logs(RebuildCut cut, LogReader logs, Steps steps) {
    Set<TopicPartition> partitions = Blocking.answer(cut.positions()).keySet();
    Backoff backoff = backoff();
    while (steps.goOn()) {
      try {
        stage.prepare();
        return partitions.isEmpty() ? Map.of() : logs.read(partitions);
      } catch (RetryableException e) {
        steps.await(backoff, e);
      }
    }
    return null;
  }

  private void stop(RebuildTask task, String reason) {
    write(database.asStage(client -> task.stop(client, reason)));
    log("rebuild stopped", task);
  }

  private void log(String what, RebuildTask task) {
    log.atInfo()
        .addKeyValue("stage", stage.name())
        .addKeyValue("rebuild_id", task.rebuildId())
        .addKeyValue("attempt", task.attempt())
        .log(what);
  }

  private static void write(Mono<Void> work) {
    var _ = Blocking.answerOrNull(work);
  }

  private Backoff backoff() {
    return new Backoff(properties.minBackoff(), properties.maxBackoff());
  }

  private void await(Backoff backoff, RetryableException failure) {
    if (!waiting) {
      waiting = true;
      log.atWarn().addKeyValue("stage", stage.name()).setCause(failure).log("rebuild waits");
    }
    thread.rest(backoff.next(failure));
  }

  /// Between the batches of one attempt.
  private final class Steps implements RebuildFold.Steps {
    private final RebuildTask task;
    private final Shadow shadow;

    // CONFINED: to the rebuild's thread
    private Instant told = Instant.MIN;

    Steps(RebuildTask task, Shadow shadow) {
      this.task = task;
      this.shadow = shadow;
    }

    @Override
    public boolean goOn() {
      return !thread.isStopping();
    }

    @Override
    public void at(int percent, long records) {
      Instant now = clock.instant();
      if (told.plus(LOOK_EVERY).isBefore(now)) {
        told = now;
        write(database.asStage(client -> task.progress(client, percent, records)));
      }
    }

    /// One whose lock is gone gives up: another may have dropped its schema already.
    @Override
    public void await(Backoff backoff, RetryableException failure) {
      if (!shadow.isHeld()) {
        throw failure;
      }
      RebuildRunner.this.await(backoff, failure);
    }
  }
}
