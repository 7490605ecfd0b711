package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.StickyAssignor;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// The lives of one door of records: after a bug it begins anew, with a consumer of its own.
final class DoorThread<S, I, E> {
  private final StageProcess<S, I, E> process;
  private final KafkaClients clients;
  private final Database database;
  private final Rewinds rewinds;
  private final short stageId;
  private final int number;
  private final Condition condition;
  private final StoppableThread thread;
  private volatile @Nullable StageSource reading;

  /// @param number of the door, from 0
  DoorThread(
      StageProcess<S, I, E> process,
      KafkaClients clients,
      Database database,
      Rewinds rewinds,
      short stageId,
      int number) {
    this.process = process;
    this.clients = clients;
    this.database = database;
    this.rewinds = rewinds;
    this.stageId = stageId;
    this.number = number;
    this.condition = new Condition(process.stage().name(), process.clock());
    this.thread =
        new StoppableThread(
            // a virtual one keeps its carrier while Kafka's client waits for the network
            Thread.ofPlatform().name(name()).daemon(),
            this::live,
            process.properties().maxBackoff(),
            this::wake);
  }

  Condition condition() {
    return condition;
  }

  StoppableThread thread() {
    return thread;
  }

  private String name() {
    String stage = process.stage().name();
    return number == 0 ? stage : stage + "-" + number;
  }

  private void live() {
    try (var logs = new LogReader(clients.admin(name() + "-admin"));
        var letters = DeadLetters.of(process.stage(), clients, name(), process.clock());
        var source =
            new StageSource(
                process.stage().name(),
                consumer(),
                logs,
                database,
                new StagePositions(stageId),
                rewinds,
                process.queue()::withdraw)) {
      reading = source;
      source.subscribe(
          process.stage().sources().keySet().stream().map(clients.topicNames()::of).toList());
      new RecordDoor<>(process, source, letters, number, condition, thread).run();
    } catch (RuntimeException e) {
      boolean woken = e instanceof WakeupException && thread.isStopping();
      if (!woken) {
        condition.is(StageHealth.FAILING);
        throw e;
      }
    } finally {
      reading = null;
    }
  }

  private void wake() {
    StageSource waiting = reading;
    if (waiting != null) {
      waiting.wake();
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    return clients.newConsumer(
        settings(clients, process.properties(), process.stage().name(), name()));
  }

  /// Of a member of the group of a stage.
  ///
  /// @param name of the member within its process
  static Map<String, Object> settings(
      KafkaClients clients, StageProperties properties, String stage, String name) {
    Map<String, Object> settings = properties.consumer(clients, name);
    properties.membership().join(settings, clients.topicNames().prefix() + stage, name);
    // INVARIANT: every assignment that the group remembers hands out every partition. Cooperative
    // assignors give a partition away in two steps; members with instance ids that are all killed
    // between the two get the first one back, and nobody reads what lies between.
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, StickyAssignor.class.getName());
    return settings;
  }
}
