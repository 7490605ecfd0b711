package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Runs one stage on one thread for as long as the application lives, through every absence of
/// Kafka and Postgres.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | database, registry or Kafka away | the batch waits, backing off; the partitions stay ours |
/// | record unreadable for ever, or deciding it is a bug | dead letter with its cause; the partition goes on |
/// | the log lost records that were not seen | the stage stops with an alarm |
public final class StageRunner<K extends Comparable<K>, S, I, E>
    implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(StageRunner.class);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Stage<K, S, I, E> stage;
  private final Database database;
  private final KafkaClients clients;
  private final StageProperties properties;
  private final StageMetrics metrics;
  private final Traces traces;
  private final Clock clock;
  private final RebuildRunner<K, S, I, E> rebuilds;
  private final StoppableThread thread;
  private volatile StageHealth health = StageHealth.STARTING;

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
    this.properties = properties;
    this.metrics = new StageMetrics(meters, stage.name());
    this.traces = traces;
    this.clock = clock;
    this.rebuilds =
        new RebuildRunner<>(
            stage, database, clients, () -> consumer(settings("-rebuild")), properties, clock);
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage.name()), this::live, properties.maxBackoff());
  }

  /// The stage's name.
  public String name() {
    return stage.name();
  }

  /// How it is doing.
  StageHealth health() {
    return thread.isDead() ? StageHealth.DEAD : health;
  }

  Database database() {
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
      return request.since() == null
          ? logs.offsets(partitions, OffsetSpec.earliest())
          : logs.offsets(partitions, OffsetSpec.forTimestamp(request.since().toEpochMilli()));
    }
  }

  private Mono<Map<TopicPartition, Stored>> seen(
      DatabaseClient client, Set<TopicPartition> partitions) {
    return StagePositions.stageId(client, stage.name())
        .flatMap(id -> new StagePositions(id).read(client, partitions));
  }

  @Override
  public void start() {
    thread.start();
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
    thread.stop(patience);
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead() && rebuilds.isAlive();
  }

  private void live() {
    try {
      oneLife();
    } catch (RetryableException e) {
      health = StageHealth.WAITING;
      log.atWarn().addKeyValue("stage", stage.name()).setCause(e).log("stage cannot start");
      thread.rest(properties.maxBackoff());
    } catch (RuntimeException e) {
      health = StageHealth.WAITING;
      throw e;
    }
  }

  private void oneLife() {
    short id =
        Blocking.answer(database.asStage(client -> StagePositions.stageId(client, stage.name())));
    stage.prepare();
    String topic = clients.topicNames().of(stage.source());
    String letters = clients.topicNames().of(stage.deadLetters());
    try (var logs = new LogReader(clients.admin(stage.name() + "-admin"));
        var dead =
            new DeadLetters(clients.producer(stage.name() + "-dlt"), letters, stage.name(), clock);
        var source =
            new StageSource(stage.name(), groupConsumer(), logs, database, new StagePositions(id));
        var replayed = new ReplaySource(consumer(settings("-replay")))) {
      var inbox = new Inbox(id);
      var reader = new RecordReader<>(stage);
      var live = new StageTransaction<>(database, stage, inbox, new StagePositions(id), Mode.CLAIM);
      var settler = new Settler<>(database, inbox, dead::keep, live);
      var replays =
          new ReplayRunner<>(
              new ReplayRunner.Parts<>(
                  stage, id, database, inbox, reader, dead, logs, replayed, clock));
      source.subscribe(topic);
      new StageLoop<>(
              new StageLoop.Parts<>(
                  stage.name(),
                  source,
                  reader,
                  settler,
                  replays,
                  metrics,
                  traces,
                  properties,
                  clock),
              thread::isStopping,
              state -> health = state)
          .run();
    }
  }

  private KafkaConsumer<byte[], byte[]> groupConsumer() {
    Map<String, Object> settings = settings("");
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, clients.topicNames().prefix() + stage.name());
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) properties.sessionTimeout().toMillis());
    settings.put(
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        (int) properties.sessionTimeout().dividedBy(3).toMillis());
    if (properties.instanceId() != null) {
      settings.put(
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, stage.name() + "-" + properties.instanceId());
    }
    return consumer(settings);
  }

  private Map<String, Object> settings(String suffix) {
    Map<String, Object> settings = clients.consumer(stage.name() + suffix);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.maxBatch());
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, properties.maxFetchBytes());
    return settings;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
