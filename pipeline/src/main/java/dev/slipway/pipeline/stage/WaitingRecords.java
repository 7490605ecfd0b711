package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.DeadLetterRows.Head;
import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Finds records that wait: where they stand in their own log, else what the dead-letter topic has
/// of them. Used by one thread.
final class WaitingRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String LETTER_HEADERS = "dlt_";

  private final Consumer<byte[], byte[]> consumer;
  private final LogReader logs;
  private final String letters;

  /// @param letters name of the dead-letter topic
  private WaitingRecords(Consumer<byte[], byte[]> consumer, LogReader logs, String letters) {
    this.consumer = consumer;
    this.logs = logs;
    this.letters = letters;
  }

  /// Those of a stage.
  static WaitingRecords of(Stage<?, ?, ?> stage, KafkaClients clients, StageProperties properties) {
    String name = stage.name() + "-requeue";
    return new WaitingRecords(
        clients.newConsumer(properties.consumer(clients, name)),
        new LogReader(clients.admin(name + "-admin")),
        clients.topicNames().of(stage.deadLetters()));
  }

  /// The record with its place, as it was when the stage met it.
  ///
  /// @return empty when nobody has all of it any more
  /// @throws RetryableException when Kafka does not answer
  Optional<ConsumerRecord<byte[], byte[]>> find(Head head) {
    return inItsLog(head).or(() -> onTheDeadLetterTopic(head));
  }

  private Optional<ConsumerRecord<byte[], byte[]>> inItsLog(Head head) {
    Log log = logs.read(Set.of(head.partition())).get(head.partition());
    if (log == null
        || !log.topicId().equals(head.topicId())
        || head.offset() < log.start()
        || head.offset() >= log.end()) {
      return Optional.empty();
    }
    // a log that was cut and has grown again has another record there
    return first(
        head.partition(),
        head.offset(),
        head.offset() + 1,
        record -> id(record, head.topicId()).equals(head.id()));
  }

  private static UUID id(ConsumerRecord<byte[], byte[]> record, String topicId) {
    return CloudEvent.from(record.headers())
        .map(CloudEvent::id)
        .orElseGet(() -> Ids.place(topicId, record.partition(), record.offset()));
  }

  /// A letter that stands there twice says the same twice.
  private Optional<ConsumerRecord<byte[], byte[]>> onTheDeadLetterTopic(Head head) {
    int partitions = logs.partitions(letters).size();
    // see DeadLetters: those of several partitions may share one
    var partition = new TopicPartition(letters, head.partition().partition() % partitions);
    Log log = logs.read(Set.of(partition)).get(partition);
    String id = head.id().toString();
    return log == null
        ? Optional.empty()
        : first(partition, log.start(), log.end(), letter -> id.equals(header(letter, "dlt_id")))
            .filter(WaitingRecords::isWhole)
            .map(letter -> original(letter, head));
  }

  private Optional<ConsumerRecord<byte[], byte[]>> first(
      TopicPartition partition, long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> is) {
    consumer.assign(Set.of(partition));
    consumer.seek(partition, from);
    long last = System.nanoTime();
    try {
      while (consumer.position(partition, PATIENCE) < to) {
        long before = consumer.position(partition, PATIENCE);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
          if (record.offset() < to && is.test(record)) {
            return Optional.of(record);
          }
        }
        if (consumer.position(partition, PATIENCE) > before) {
          last = System.nanoTime();
        } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
          throw new RetryableException(
              "Kafka does not answer about " + partition, Duration.ZERO, null);
        }
      }
      return Optional.empty();
    } catch (InvalidOffsetException _) {
      return Optional.empty(); // it has just gone
    }
  }

  /// Neither key nor value were left out for their size.
  private static boolean isWhole(ConsumerRecord<byte[], byte[]> letter) {
    return letter.key() != null
        && Integer.toString(Math.max(0, letter.serializedValueSize()))
            .equals(header(letter, "dlt_value_bytes"));
  }

  private static ConsumerRecord<byte[], byte[]> original(
      ConsumerRecord<byte[], byte[]> letter, Head head) {
    var headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (!header.key().startsWith(LETTER_HEADERS)) {
        headers.add(header);
      }
    }
    return new ConsumerRecord<>(
        head.partition().topic(),
        head.partition().partition(),
        head.offset(),
        letter.timestamp(),
        TimestampType.CREATE_TIME,
        letter.serializedKeySize(),
        letter.serializedValueSize(),
        letter.key(),
        letter.value(),
        headers,
        Optional.empty());
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    Header header = letter.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    logs.close();
    consumer.close(CloseOptions.timeout(PATIENCE));
  }
}
