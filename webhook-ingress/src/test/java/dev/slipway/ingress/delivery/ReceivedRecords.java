package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads the topic of deliveries as any other consumer would.
final class ReceivedRecords {
  private final KafkaClients clients;
  private final String topic;

  /// One record.
  record Received(String key, CloudEvent envelope, Delivery value) {
    WebhookReceived webhook() {
      return (WebhookReceived) value.getBody();
    }

    String deliveryId() {
      return Ids.delivery(webhook().getGuid(), webhook().getHookId()).toString();
    }

    byte[] body() {
      byte[] bytes = new byte[webhook().getBody().remaining()];
      webhook().getBody().duplicate().get(bytes);
      return bytes;
    }

    String text() {
      return new String(body(), StandardCharsets.UTF_8);
    }
  }

  ReceivedRecords(KafkaClients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /// Everything that stands in the topic now.
  List<Received> all() {
    Map<String, Object> settings = clients.consumer("test");
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024 * 1024);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 64 * 1024 * 1024);
    var values = new AvroDeserializer<Delivery>();
    values.configure(clients.serde(), false);
    try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), values)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<Received> found = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(r ->
                found.add(
                    new Received(r.key(), CloudEvent.from(r.headers()).orElseThrow(), r.value())));
      }
      return found;
    }
  }

  /// The records of this delivery, whosoever it is.
  List<Received> of(String deliveryId) {
    return all().stream()
        .filter(r -> r.deliveryId().equals(deliveryId))
        .collect(Collectors.toList());
  }
}
