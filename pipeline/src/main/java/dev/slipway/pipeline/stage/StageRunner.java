package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Runs one stage for as long as the application lives, through every absence of Kafka and
/// Postgres. Its threads share out the partitions, as processes do among each other.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | database, registry or Kafka away | the batch waits, backing off; the partitions stay ours |
/// | record unreadable for ever, or deciding it is a bug | dead letter with its cause; the partition goes on |
/// | the log lost records that were not seen | the stage stops with an alarm |
public final class StageRunner<K extends Comparable<K>, S, I, E>
    implements SmartLifecycle, LivenessCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Stage<K, S, I, E> stage;
  private final Database database;
  private final KafkaClients clients;
  private final RebuildRunner<K, S, I, E> rebuilds;
  private final Rewinds rewinds;
  private final List<StageWorker<K, S, I, E>> workers;

  /// @param database the service's schema, migrated
  public StageRunner(
      Stage<K, S, I, E> stage,
      Database database,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces,
      Clock clock) {
    this.stage = stage;
    this.database = database;
    this.clients = clients;
    this.rebuilds =
        new RebuildRunner<>(
            stage,
            database,
            clients,
            () ->
                StageWorker.consumer(
                    StageWorker.settings(clients, properties, stage.name() + "-rebuild")),
            properties,
            clock);
    var metrics = new StageMetrics(meters, stage.name(), properties.concurrency());
    this.rewinds = new Rewinds(stage.name(), metrics, clock);
    this.workers =
        IntStream.range(0, properties.concurrency())
            .mapToObj(number ->
                new StageWorker<>(
                    new StageWorker.Parts<>(
                        stage, database, clients, properties, metrics, rewinds, traces, clock),
                    number))
            .toList();
  }

  /// The stage's name.
  public String name() {
    return stage.name();
  }

  /// How it is doing: as its worst thread.
  StageHealth health() {
    return workers.stream().map(StageWorker::health).max(Comparator.naturalOrder()).orElseThrow();
  }

  /// What `/readyz` says of it. A stage that waits is as ready as what it waits for, which other
  /// checks tell.
  Finding finding() {
    return switch (health()) {
      case RUNNING, WAITING -> rewinds.tell().map(Finding::degraded).orElseGet(Finding::up);
      case STARTING ->
          down("is starting: it waits for its consumer group, and for answers about its topic");
      case FAILING -> down("cannot begin, and nothing that is away explains it: its log says why");
      case STOPPED ->
          down(
              "has stopped, because records were lost before it saw them: bring them back, or accept"
                  + " the loss by moving its position (docs/ARCHITECTURE.md, What a position means)");
      case DEAD -> down("has died of an error that only a restart of the process mends");
    };
  }

  private Finding down(String what) {
    return Finding.down("Stage %s %s.".formatted(name(), what));
  }

  /// The service's schema.
  public Database database() {
    return database;
  }

  /// What a replay of the stage covers, at most what the stage itself has seen.
  Mono<Map<TopicPartition, Range>> ranges(ReplayRequest request) {
    String topic = clients.topicNames().of(stage.source());
    return Mono.fromCallable(() -> starts(topic, request))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(starts ->
            database
                .asStage(client -> seen(client, starts.keySet()))
                .map(seen -> ReplayRange.of(request, starts, seen)));
  }

  private Map<TopicPartition, Long> starts(String topic, ReplayRequest request) {
    try (var logs = new LogReader(clients.admin(stage.name() + "-replay-range"))) {
      List<TopicPartition> partitions = logs.partitions(topic);
      return logs.offsets(partitions, start(request.since()));
    }
  }

  /// Times before 1970 stand for something else in Kafka's protocol, and no record has one.
  private static OffsetSpec start(@Nullable Instant since) {
    return since == null || since.isBefore(Instant.EPOCH)
        ? OffsetSpec.earliest()
        : OffsetSpec.forTimestamp(since.toEpochMilli());
  }

  private Mono<Map<TopicPartition, Stored>> seen(
      DatabaseClient client, Set<TopicPartition> partitions) {
    return StagePositions.stageId(client, stage.name())
        .flatMap(id -> new StagePositions(id).read(client, partitions));
  }

  @Override
  public void start() {
    workers.forEach(StageWorker::start);
    rebuilds.start();
  }

  /// Lets the batch at hand come to its end.
  @Override
  public void stop() {
    stop(PATIENCE);
  }

  /// @param patience how long the batch at hand may take; then it is given up, and nothing of it
  ///   has happened
  void stop(Duration patience) {
    rebuilds.stop();
    workers.forEach(worker -> worker.thread().beginStop());
    long end = System.nanoTime() + patience.toNanos();
    workers.forEach(
        worker -> worker.thread().stop(Duration.ofNanos(Math.max(1, end - System.nanoTime()))));
  }

  @Override
  public boolean isRunning() {
    return workers.stream().anyMatch(worker -> worker.thread().isRunning());
  }

  @Override
  public boolean isAlive() {
    return health() != StageHealth.DEAD && rebuilds.isAlive();
  }
}
