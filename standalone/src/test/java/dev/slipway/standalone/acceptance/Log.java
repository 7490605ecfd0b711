package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The topics of an installation, as an operator's own tools see them.
///
/// @param client what it takes to reach the broker: `kafka.properties`
record Log(Map<String, String> client) {
  static final String DELIVERIES = "github.deliveries";
  static final String DEAD_LETTERS = "pr-service.deliveries.dlt";

  /// As any operator's tool: by the file that the installation leaves for it.
  static Log of(Slipway slipway) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(slipway.file("kafka.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Log(
        properties.stringPropertyNames().stream()
            .collect(toMap(Function.identity(), properties::getProperty)));
  }

  /// The names of all topics but for Kafka's own.
  Set<String> topics() {
    try (Admin admin = admin()) {
      return join(admin.listTopics().names());
    }
  }

  /// The first offset of each partition.
  Map<Integer, Long> starts(String topic) {
    return offsets(topic, OffsetSpec.earliest());
  }

  /// The offset after the last record of each partition.
  Map<Integer, Long> ends(String topic) {
    return offsets(topic, OffsetSpec.latest());
  }

  /// How many records there are.
  long size(String topic) {
    Map<Integer, Long> starts = starts(topic);
    return ends(topic).entrySet().stream()
        .mapToLong(end -> end.getValue() - starts.getOrDefault(end.getKey(), 0L))
        .sum();
  }

  /// Removes what is in the topic now, as retention would.
  void deleteRecords(String topic) {
    Map<TopicPartition, RecordsToDelete> all =
        ends(topic).entrySet().stream()
            .collect(
                toMap(
                    end -> new TopicPartition(topic, end.getKey()),
                    end -> RecordsToDelete.beforeOffset(end.getValue())));
    try (Admin admin = admin()) {
      join(admin.deleteRecords(all).all());
    }
  }

  /// Removes the topic itself.
  void deleteTopic(String topic) {
    try (Admin admin = admin()) {
      join(admin.deleteTopics(List.of(topic)).all());
      await("the topic to be gone")
          .atMost(Duration.ofSeconds(20))
          .until(() -> !join(admin.listTopics().names()).contains(topic));
    }
  }

  /// Writes these bytes into each partition, with no header at all.
  void writeEverywhere(String topic, byte[] value) {
    for (int partition : ends(topic).keySet()) {
      write(new ProducerRecord<>(topic, partition, "poison".getBytes(UTF_8), value));
    }
  }

  /// Writes a record as it is.
  void write(ProducerRecord<byte[], byte[]> record) {
    Map<String, Object> settings = with(Map.of("acks", "all"));
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(record).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// All records of the topic, read committed.
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    Map<String, Object> settings = with(Map.of("isolation.level", "read_committed"));
    Map<Integer, Long> ends = ends(topic);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          ends.keySet().stream().map(partition -> new TopicPartition(topic, partition)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      await("the end of " + topic)
          .atMost(Duration.ofSeconds(30))
          .pollInSameThread()
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return partitions.stream()
                .allMatch(at -> consumer.position(at) >= ends.getOrDefault(at.partition(), 0L));
          });
      return records;
    }
  }

  /// The `ce_id` of each record, read committed; those of one partition in its order.
  List<String> ids(String topic) {
    return headers(topic, "ce_id");
  }

  /// The `ce_type` of each record, read committed; those of one partition in its order.
  List<String> types(String topic) {
    return headers(topic, "ce_type");
  }

  private List<String> headers(String topic, String name) {
    return read(topic).stream()
        .map(record -> new String(record.headers().lastHeader(name).value(), UTF_8))
        .toList();
  }

  private Map<Integer, Long> offsets(String topic, OffsetSpec which) {
    try (Admin admin = admin()) {
      int partitions =
          join(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
              .mapToInt(it -> it.partitions().size())
              .sum();
      Map<TopicPartition, OffsetSpec> wanted =
          IntStream.range(0, partitions)
              .mapToObj(partition -> new TopicPartition(topic, partition))
              .collect(toMap(Function.identity(), _ -> which));
      return join(admin.listOffsets(wanted).all()).entrySet().stream()
          .collect(toMap(entry -> entry.getKey().partition(), entry -> entry.getValue().offset()));
    }
  }

  private Admin admin() {
    return Admin.create(
        with(Map.of("request.timeout.ms", 10_000, "default.api.timeout.ms", 20_000)));
  }

  private Map<String, Object> with(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.putAll(more);
    return settings;
  }

  private static <T> T join(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
