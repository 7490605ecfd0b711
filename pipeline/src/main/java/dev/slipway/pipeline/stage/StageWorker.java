package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread of a stage: a member of its consumer group with a share of the partitions. The first
/// one also does the replays.
final class StageWorker<K extends Comparable<K>, S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(StageWorker.class);

  private final Stage<K, S, I, E> stage;
  private final Database database;
  private final KafkaClients clients;
  private final StageProperties properties;
  private final StageMetrics metrics;
  private final Rewinds rewinds;
  private final Traces traces;
  private final Clock clock;
  private final int number;
  private final String name;
  private final StoppableThread thread;
  private volatile StageHealth health = StageHealth.STARTING;

  /// @param number from 0
  StageWorker(Parts<K, S, I, E> parts, int number) {
    this.stage = parts.stage();
    this.database = parts.database();
    this.clients = parts.clients();
    this.properties = parts.properties();
    this.metrics = parts.metrics();
    this.rewinds = parts.rewinds();
    this.traces = parts.traces();
    this.clock = parts.clock();
    this.number = number;
    this.name = number == 0 ? stage.name() : stage.name() + "-" + number;
    this.thread =
        new StoppableThread(Thread.ofVirtual().name(name), this::live, properties.maxBackoff());
  }

  /// What the threads of a stage have in common.
  record Parts<K extends Comparable<K>, S, I, E>(
      Stage<K, S, I, E> stage,
      Database database,
      KafkaClients clients,
      StageProperties properties,
      StageMetrics metrics,
      Rewinds rewinds,
      Traces traces,
      Clock clock) {}

  void start() {
    thread.start();
  }

  StoppableThread thread() {
    return thread;
  }

  /// How it is doing.
  StageHealth health() {
    return thread.isDead() ? StageHealth.DEAD : health;
  }

  private void live() {
    try {
      oneLife();
    } catch (RetryableException e) {
      health = StageHealth.WAITING;
      log.atWarn().addKeyValue("stage", stage.name()).setCause(e).log("stage cannot start");
      thread.rest(properties.maxBackoff());
    } catch (RuntimeException e) {
      health = StageHealth.FAILING;
      throw e;
    }
  }

  private void oneLife() {
    short id =
        Blocking.answer(database.asStage(client -> StagePositions.stageId(client, stage.name())));
    stage.prepare();
    String topic = clients.topicNames().of(stage.source());
    String letters = clients.topicNames().of(stage.deadLetters());
    try (var logs = new LogReader(clients.admin(name + "-admin"));
        var dead = new DeadLetters(clients.producer(name + "-dlt"), letters, stage.name(), clock);
        var source =
            new StageSource(
                stage.name(), groupConsumer(), logs, database, new StagePositions(id), rewinds);
        var replayed =
            new ReplaySource(consumer(settings(clients, properties, name + "-replay")))) {
      var inbox = new Inbox(id);
      var reader = new RecordReader<>(stage);
      var live = new StageTransaction<>(database, stage, inbox, new StagePositions(id), Mode.LIVE);
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
                  number == 0 ? replays : null,
                  metrics.worker(number),
                  traces,
                  properties,
                  clock),
              thread::isStopping,
              state -> health = state)
          .run();
    }
  }

  private KafkaConsumer<byte[], byte[]> groupConsumer() {
    return consumer(groupSettings(clients, properties, stage.name(), name));
  }

  /// Settings of a member of a stage's group.
  ///
  /// @param member its name
  static Map<String, Object> groupSettings(
      KafkaClients clients, StageProperties properties, String stage, String member) {
    Map<String, Object> settings = settings(clients, properties, member);
    properties.membership().join(settings, clients.topicNames().prefix() + stage, member);
    // INVARIANT: every assignment that the group remembers hands out every partition. Cooperative
    // assignors give a partition away in two steps; members with instance ids that are all killed
    // between the two get the first one back, and nobody reads what lies between.
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, StickyAssignor.class.getName());
    return settings;
  }

  static Map<String, Object> settings(
      KafkaClients clients, StageProperties properties, String clientId) {
    Map<String, Object> settings = clients.consumer(clientId);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, properties.maxBatch());
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, properties.maxFetchBytes());
    return settings;
  }

  static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
