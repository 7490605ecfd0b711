package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
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
      assertThat(server.bootstrapServers()).endsWith(":" + ports.getFirst());
      assertThat(read(Map.of())).isEqualTo(LARGE);
    }
  }

  @Test
  void withAPasswordNeitherListenerServesWhoDoesNotKnowIt() throws Exception {
    try (KafkaServer _ = KafkaServer.start(home, ports.getFirst(), ports.getLast(), "right")) {
      for (int port : ports) {
        // to the controller's listener clients speak under another name
        String address = port == ports.getFirst() ? "bootstrap.servers" : "bootstrap.controllers";
        assertThat(nodes(address, port, KafkaServer.clientSettings("right"))).isEqualTo("1 nodes");
        assertThat(nodes(address, port, KafkaServer.clientSettings("wrong")))
            .contains("SaslAuthenticationException");
        assertThat(nodes(address, port, Map.of())).contains("TimeoutException");
      }
    }
  }

  @Test
  void aFolderOfABrokerThatAskedNobodyKeepsItsRecordsUnderAPassword() throws Exception {
    try (KafkaServer server = start()) {
      send(server, 1);
    }

    try (KafkaServer _ = KafkaServer.start(home, ports.getFirst(), ports.getLast(), "one")) {
      assertThat(read(KafkaServer.clientSettings("one"))).isEqualTo(1);
    }
    try (KafkaServer _ = KafkaServer.start(home, ports.getFirst(), ports.getLast(), "another")) {
      assertThat(read(KafkaServer.clientSettings("another"))).isEqualTo(1);
    }
  }

  private static String nodes(String address, int port, Map<String, String> security)
      throws InterruptedException {
    Map<String, Object> settings = new HashMap<>(security);
    settings.put(address, "127.0.0.1:" + port);
    settings.put("default.api.timeout.ms", 1_500);
    settings.put("request.timeout.ms", 1_000);
    try (Admin admin = Admin.create(settings)) {
      return admin.describeCluster().nodes().get().size() + " nodes";
    } catch (ExecutionException e) {
      return String.valueOf(e.getCause());
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

  private int read(Map<String, String> security) {
    Map<String, Object> settings = new HashMap<>(security);
    settings.put("bootstrap.servers", "127.0.0.1:" + ports.getFirst());
    settings.put("auto.offset.reset", "earliest");
    settings.put("isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(20));
      return records.iterator().next().value().length;
    }
  }
}
