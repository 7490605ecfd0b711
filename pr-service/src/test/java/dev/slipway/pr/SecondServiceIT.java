package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Ids;
import dev.slipway.web.security.Scope;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two services with a database each, in one process.
@Tag("slow")
class SecondServiceIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void aSecondServiceWithADatabaseStartsBesideTheFirstAndEachKeepsToItsOwn() throws Exception {
    try (var both = TestPrService.start(SecondService.class, SecondService.TOPICS)) {
      StageRunner<Long, Long, Long> second = both.stage("secondStage");
      send(both.clients(), "41");

      Answer answer =
          second
              .request(
                  Request.of(
                      null,
                      new AggregateId("default", "stars"),
                      1L,
                      decided -> new Answer(200, null, Long.toString(decided.version()))))
              .join();

      assertThat(answer.body()).isIn("1", "2");
      await().atMost(PATIENCE).until(() -> events(both.clients()).size() == 2);
      assertThat(events(both.clients()).getLast()).isEqualTo("42");
      both.as("default", Scope.ADMIN)
          .get()
          .uri("/api/v1/admin/stages?limit=200")
          .exchange()
          .expectStatus()
          .isOk()
          .expectBody()
          .jsonPath("$.items[?(@.stage == 'second.counters' && @.applied == 1)]")
          .isNotEmpty()
          .jsonPath("$.items[?(@.stage == 'pr-service.deliveries' && @.applied == 0)]")
          .isNotEmpty();
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> both.as("default").get().uri("/readyz").exchange().expectStatus().isOk());
    }
  }

  private static void send(KafkaClients clients, String more) throws Exception {
    var record =
        new ProducerRecord<>(
            clients.topicNames().of(SecondService.COMMANDS), bytes("stars"), bytes(more));
    new CloudEvent(Ids.fresh(), "second.count", "test", Instant.EPOCH, null, null, null)
        .addTo(record.headers());
    try (var producer =
        new KafkaProducer<>(
            clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
      var _ = producer.send(record).get();
    }
  }

  private static List<String> events(KafkaClients clients) {
    var partition = new TopicPartition(clients.topicNames().of(SecondService.EVENTS), 0);
    var events = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(
            clients.consumer("test-events"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> events.add(new String(record.value(), StandardCharsets.UTF_8)));
      }
    }
    return events;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
