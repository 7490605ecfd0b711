package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The dead-letter topic of a stage. A record is acknowledged there before the transaction that
/// calls it dead commits, so that none is lost; a crash in between doubles it under one `ce_id`.
///
/// Headers: those of the record itself, and `dlt_stage`, `dlt_id`, `dlt_cause`, `dlt_topic`,
/// `dlt_partition`, `dlt_offset`, `dlt_timestamp`, `dlt_at`, and `dlt_value_bytes`. A value too
/// large to be copied is left out; so are key and headers of a record that still does not fit.
public final class DeadLetters implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final int LARGEST_COPY_BYTES = 1024 * 1024;
  private static final byte[] NOTHING = {};
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final String stage;
  private final Clock clock;

  private DeadLetters(Producer<byte[], byte[]> producer, String topic, String stage, Clock clock) {
    this.producer = producer;
    this.topic = topic;
    this.stage = stage;
    this.clock = clock;
  }

  /// Those of a stage.
  public static DeadLetters of(
      Stage<?, ?, ?> stage, KafkaClients clients, String clientId, Clock clock) {
    Map<String, Object> settings = clients.producer(clientId + "-dlt");
    // a copy and its headers; the default of 1 MiB would refuse the largest copies for ever
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * LARGEST_COPY_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
    return new DeadLetters(
        clients.newProducer(settings),
        clients.topicNames().of(stage.deadLetters()),
        stage.name(),
        clock);
  }

  /// Keeps the record; returns when all in-sync replicas have it.
  ///
  /// @throws RetryableException when Kafka does not acknowledge in time
  void keep(Entry.Dead<?> dead) {
    try {
      if (!send(letter(dead))) {
        var _ = send(note(dead));
      }
      log.atWarn()
          .addKeyValue("stage", stage)
          .addKeyValue("ce_id", dead.id())
          .addKeyValue("topic", dead.record().topic())
          .addKeyValue("partition", dead.record().partition())
          .addKeyValue("offset", dead.record().offset())
          .addKeyValue("cause", dead.cause())
          .log("dead letter");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new RetryableException(
          "dead-letter topic " + topic + " does not take records: check that it exists",
          Duration.ZERO,
          e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }

  /// False when it is too large.
  private boolean send(ProducerRecord<byte[], byte[]> letter)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      producer.send(letter).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException && letter.key() != null) {
        return false;
      }
      throw e;
    }
  }

  private ProducerRecord<byte[], byte[]> letter(Entry.Dead<?> dead) {
    ConsumerRecord<byte[], byte[]> source = dead.record();
    int valueBytes = Math.max(0, source.serializedValueSize());
    byte[] copy = valueBytes > 0 && valueBytes <= LARGEST_COPY_BYTES ? source.value() : NOTHING;
    byte[] key = source.key() == null ? NOTHING : source.key();
    var letter = new ProducerRecord<>(topic, partition(source), key, copy);
    source.headers().forEach(letter.headers()::add);
    return addressed(letter, dead);
  }

  /// The place of a record of which nothing can be copied.
  private ProducerRecord<byte[], byte[]> note(Entry.Dead<?> dead) {
    return addressed(new ProducerRecord<>(topic, partition(dead.record()), null, NOTHING), dead);
  }

  /// The source's, or where there are fewer, one for all records of that: the letters of one key
  /// stay in order.
  private int partition(ConsumerRecord<byte[], byte[]> source) {
    return source.partition() % producer.partitionsFor(topic).size();
  }

  private ProducerRecord<byte[], byte[]> addressed(
      ProducerRecord<byte[], byte[]> letter, Entry.Dead<?> dead) {
    ConsumerRecord<byte[], byte[]> source = dead.record();
    put(letter.headers(), "dlt_stage", stage);
    put(letter.headers(), "dlt_id", dead.id().toString());
    put(letter.headers(), "dlt_cause", dead.cause());
    put(letter.headers(), "dlt_topic", source.topic());
    put(letter.headers(), "dlt_partition", Integer.toString(source.partition()));
    put(letter.headers(), "dlt_offset", Long.toString(source.offset()));
    put(letter.headers(), "dlt_timestamp", Long.toString(source.timestamp()));
    put(letter.headers(), "dlt_at", clock.instant().toString());
    put(
        letter.headers(),
        "dlt_value_bytes",
        Integer.toString(Math.max(0, source.serializedValueSize())));
    return letter;
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
