package dev.slipway.notifier.router;

import dev.slipway.notifier.router.EventRouter.Limits;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// Reads all partitions of the topics with events, from where it is told. Used by one thread.
final class EventReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final LogReader logs;
  private final Duration verifyInterval;

  // CONFINED: to the publisher's thread
  private boolean lost;
  private long verified = System.nanoTime();

  EventReader(KafkaClients clients, String clientId, Limits limits) {
    Map<String, Object> settings = clients.consumer(clientId);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, limits.maxRecords());
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, limits.maxBytes());
    this.consumer = clients.newConsumer(settings);
    this.logs = new LogReader(clients.admin(clientId + "-admin"));
    this.verifyInterval = limits.properties().verifyInterval();
  }

  /// Every partition of the topics as it is now.
  ///
  /// @throws RetryableException when Kafka does not answer, or a topic is not there
  Map<TopicPartition, Log> logs(Collection<String> topics) {
    var partitions = new ArrayList<TopicPartition>();
    topics.forEach(topic -> partitions.addAll(logs.partitions(topic)));
    return logs.read(partitions);
  }

  /// Reads on from there.
  void seek(Map<TopicPartition, SourcePosition> positions) {
    if (!consumer.assignment().equals(positions.keySet())) {
      consumer.assign(positions.keySet());
    }
    positions.forEach((partition, position) -> consumer.seek(partition, position.next()));
    lost = false;
    verified = System.nanoTime();
  }

  /// Whether it goes on from where it was told, having just been compared with the logs.
  boolean isPlaced() {
    verified = System.nanoTime();
    return !lost && !consumer.assignment().isEmpty();
  }

  /// Whether it is time to compare positions with the logs: a topic may have been made anew.
  boolean isDoubtful() {
    return lost || System.nanoTime() - verified > verifyInterval.toNanos();
  }

  /// Waits for records, a short while.
  ///
  /// @throws RetryableException when Kafka does not let us read
  List<ConsumerRecord<byte[], byte[]>> poll() {
    try {
      var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      consumer.poll(POLL).forEach(records::add);
      return records;
    } catch (InvalidOffsetException _) {
      lost = true;
      return List.of();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new RetryableException("Kafka does not let us read events", Duration.ZERO, e);
    }
  }

  /// Events that are there and not yet read.
  long lag() {
    return consumer.assignment().stream()
        .map(consumer::currentLag)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .sum();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(PATIENCE));
    logs.close();
  }
}
