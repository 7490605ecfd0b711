package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageGroupIT {
  private static final int PARTITIONS = 4;
  private static final String TOPIC = "shared-out";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path home;

  private final List<Integer> ports = FreePorts.find(2);
  private final KafkaClients clients =
      new KafkaClients(
          new KafkaProperties("127.0.0.1:" + ports.getFirst(), "", Map.of()),
          new SchemaRegistryProperties("http://127.0.0.1:1", true, Map.of()));

  private final Deque<KafkaConsumer<byte[], byte[]>> members = new ArrayDeque<>();

  @AfterEach
  void close() {
    while (!members.isEmpty()) {
      members.pop().close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  @Test
  void membersThatAreKilledWhilePartitionsChangeHandsHaveThemAllWhenTheyComeBack()
      throws Exception {
    try (KafkaServer _ = start();
        Admin admin = Admin.create(clients.admin("test"))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
      KafkaConsumer<byte[], byte[]> first = member("stage");
      KafkaConsumer<byte[], byte[]> second = member("stage-1");
      await("the first to have all").atMost(PATIENCE).until(() -> poll(first).size() == PARTITIONS);
      await("the first to have given some away")
          .atMost(PATIENCE)
          .until(() -> {
            var _ = poll(second);
            Set<TopicPartition> left = poll(first);
            return !left.isEmpty() && left.size() < PARTITIONS;
          });
    }
    close(); // only now, so that nobody hears of it

    try (KafkaServer _ = start()) {
      KafkaConsumer<byte[], byte[]> first = member("stage");
      KafkaConsumer<byte[], byte[]> second = member("stage-1");
      Set<TopicPartition> read = new HashSet<>();
      await("every partition to be read")
          .atMost(PATIENCE)
          .until(() -> {
            read.clear();
            read.addAll(poll(first));
            read.addAll(poll(second));
            return read.size() == PARTITIONS;
          });
      assertThat(read)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, PARTITIONS)
                  .mapToObj(number -> new TopicPartition(TOPIC, number))
                  .toList());
    }
  }

  private KafkaServer start() {
    return KafkaServer.start(home, ports.getFirst(), ports.getLast());
  }

  private KafkaConsumer<byte[], byte[]> member(String name) {
    Duration milli = Duration.ofMillis(1);
    var properties =
        new StageProperties(
            500,
            Duration.ZERO,
            Duration.ZERO,
            2,
            1_048_576,
            "one-process",
            milli.multipliedBy(6_000),
            milli.multipliedBy(10),
            milli.multipliedBy(200),
            2_000,
            milli.multipliedBy(10_000),
            100,
            milli.multipliedBy(200));
    Map<String, Object> settings = DoorThread.settings(clients, properties, "stage", name);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var member =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    members.push(member);
    member.subscribe(List.of(TOPIC));
    return member;
  }

  private static Set<TopicPartition> poll(KafkaConsumer<byte[], byte[]> member) {
    var _ = member.poll(Duration.ofMillis(50));
    return member.assignment();
  }
}
