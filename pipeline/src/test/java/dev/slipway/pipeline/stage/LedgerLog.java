package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes the source of [LedgerStage] and reads its dead letters.
public final class LedgerLog implements AutoCloseable {
  public static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private final KafkaClients clients;
  private final KafkaProducer<byte[], byte[]> producer;

  LedgerLog(KafkaClients clients) {
    this.clients = clients;
    Map<String, Object> settings = clients.producer("test-ledger");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 * 1024 * 1024);
    this.producer = producer(settings);
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// An id that is easy to read: the same number, the same id.
  public static UUID id(int number) {
    return new UUID(0x0000_0000_0000_7000L, 0x8000_0000_0000_0000L | number);
  }

  /// A record of the stage's own type, `number` seconds after [#TIME].
  public ProducerRecord<byte[], byte[]> told(int partition, String key, int number, String text) {
    return typed(partition, key, number, LedgerStage.TOLD, text.getBytes(StandardCharsets.UTF_8));
  }

  public ProducerRecord<byte[], byte[]> typed(
      int partition, String key, int number, String type, byte[] value) {
    var record =
        new ProducerRecord<>(
            clients.topicNames().of(LedgerStage.SOURCE),
            partition,
            TIME.plusSeconds(number).toEpochMilli(),
            key.getBytes(StandardCharsets.UTF_8),
            value);
    new CloudEvent(id(number), type, "test", TIME, null, null, null).addTo(record.headers());
    return record;
  }

  /// A record without envelope.
  public ProducerRecord<byte[], byte[]> bare(int partition, String key, byte @Nullable [] value) {
    return new ProducerRecord<>(
        clients.topicNames().of(LedgerStage.SOURCE),
        partition,
        key.getBytes(StandardCharsets.UTF_8),
        value);
  }

  /// Writes `t<number>` for each number.
  public void tell(int partition, String key, int from, int to) {
    send(
        IntStream.range(from, to)
            .mapToObj(number -> told(partition, key, number, "t" + number))
            .toList());
  }

  /// The ledger when each of these numbers came through once, in order.
  public static String told(int from, int to, String verdict) {
    return String.join(
        " ", IntStream.range(from, to).mapToObj(number -> "t" + number + "=" + verdict).toList());
  }

  public void send(ProducerRecord<byte[], byte[]> record) {
    send(List.of(record));
  }

  public void send(Collection<ProducerRecord<byte[], byte[]>> records) {
    try {
      for (var sent : records.stream().map(producer::send).toList()) {
        sent.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes them in a transaction of their own.
  void sendInTransaction(Collection<ProducerRecord<byte[], byte[]>> records, boolean commit) {
    Map<String, Object> settings = clients.producer("test-ledger-tx");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "tx-" + clients.topicNames().prefix());
    try (var transactional = producer(settings)) {
      transactional.initTransactions();
      transactional.beginTransaction();
      for (var record : records) {
        var _ = transactional.send(record);
      }
      if (commit) {
        transactional.commitTransaction();
      } else {
        transactional.flush();
        transactional.abortTransaction();
      }
    }
  }

  /// A dead letter: its headers that begin with `dlt_`, and its value.
  public record Letter(int partition, Map<String, String> headers, String value) {
    public String about(String header) {
      return headers.getOrDefault(header, "");
    }
  }

  /// Every dead letter there is.
  public List<Letter> letters() {
    String topic = clients.topicNames().of(LedgerStage.DEAD_LETTERS);
    List<TopicPartition> partitions =
        IntStream.range(0, LedgerStage.DEAD_LETTERS.partitions())
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .toList();
    var letters = new ArrayList<Letter>();
    try (var consumer =
        new KafkaConsumer<>(
            clients.consumer("test-letters"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> letters.add(letter(record)));
      }
    }
    return letters;
  }

  private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
    var headers = new TreeMap<String, String>();
    for (Header header : record.headers()) {
      if (header.key().startsWith("dlt_")) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    String value = new String(record.value(), StandardCharsets.UTF_8);
    return new Letter(record.partition(), headers, value);
  }

  @Override
  public void close() {
    producer.close();
  }
}
