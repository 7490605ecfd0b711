package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.pr.delivery.DeliveryTrial;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// `github.deliveries`, written as the ingress writes it, but many at a time.
final class DeliveryLog implements AutoCloseable {
  private static final TopicNames NAMES = new TopicNames("");
  private static final int BODY_BYTES = 7_700;

  private final AvroSerializer<Delivery> serializer = new AvroSerializer<>();
  private final KafkaProducer<byte[], byte[]> producer;
  private final String filler = DeliveryTrial.filler(BODY_BYTES);

  // CONFINED: to the contest's thread
  private long next;

  private DeliveryLog(Map<String, Object> kafka, String registry) {
    serializer.configure(Map.of("schema.registry.url", registry), false);
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 * 1024);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static DeliveryLog create(SlipwayParts slipway) throws IOException {
    Map<String, Object> kafka = Map.copyOf(slipway.kafkaClient());
    try (Admin admin = Admin.create(kafka)) {
      var _ = new TopicAdmin(admin, NAMES).apply(List.of(Topics.GITHUB_DELIVERIES));
    }
    return new DeliveryLog(kafka, slipway.registry());
  }

  /// Adds deliveries that were not there before, and returns once all are on disk.
  void append(int count) throws IOException {
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    String topic = NAMES.of(Topics.GITHUB_DELIVERIES);
    for (long end = next + count; next < end; next++) {
      DeliveryTrial.Message message = DeliveryTrial.message(next, filler);
      var entry =
          new ProducerRecord<>(
              topic,
              message.key().getBytes(StandardCharsets.UTF_8),
              serializer.serialize(topic, message.value()));
      message.envelope().addTo(entry.headers());
      var _ =
          producer.send(
              entry,
              (_, thrown) -> {
                if (thrown != null) {
                  failure.compareAndSet(null, thrown);
                }
              });
    }
    producer.flush();
    Exception thrown = failure.get();
    if (thrown != null) {
      throw new IOException("a delivery was not written", thrown);
    }
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
