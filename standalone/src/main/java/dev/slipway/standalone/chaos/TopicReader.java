package dev.slipway.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads topics from their beginning, read committed, as foreign readers do.
///
/// @param client what it takes to reach the broker
record TopicReader(Map<String, String> client) {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// How often each `ce_id` stands in a topic. Records without one are not of Slipway's.
  Map<String, Integer> ids(String topic) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    Map<String, Integer> ids = new HashMap<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      long began = System.nanoTime();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() - began > LIMIT.toNanos()) {
          throw new IllegalStateException(
              "%s has no end for a read-committed reader".formatted(topic));
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          Header id = record.headers().lastHeader("ce_id");
          if (id != null) {
            int _ = ids.merge(new String(id.value(), UTF_8), 1, Integer::sum);
          }
        }
      }
    }
    return ids;
  }
}
