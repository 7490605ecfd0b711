package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaServerIT {
  private static final int LARGE = 34 * 1024 * 1024;
  private static final TopicPartition PARTITION = new TopicPartition("kept", 0);

  @TempDir Path home;

  private final List<Integer> ports = FreePorts.find(2);

  @Test
  void keepsALargeRecordOverARestart() throws Exception {
    try (KafkaServer server = start()) {
      send(server, LARGE);
    }

    try (KafkaServer server = start()) {
      assertThat(read(server)).isEqualTo(LARGE);
    }
  }

  private KafkaServer start() {
    return KafkaServer.start(home, ports.getFirst(), ports.getLast());
  }

  private static void send(KafkaServer server, int bytes) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", server.bootstrapServers(),
            "max.request.size", 2 * LARGE,
            "buffer.memory", 2 * LARGE);
    try (Admin admin = Admin.create(settings);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1))).all().get();
      var _ = producer.send(new ProducerRecord<>(PARTITION.topic(), new byte[bytes])).get();
    }
  }

  private static int read(KafkaServer server) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", server.bootstrapServers(),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(20));
      return records.iterator().next().value().length;
    }
  }
}
