package dev.slipway.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class KafkaReadinessIT {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TopicNames names = new TopicNames("t" + UUID.randomUUID() + ".");
  private final Map<String, Object> settings =
      Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, SharedKafka.bootstrapServers());
  private final List<TopicUse> uses =
      List.of(
          new TopicUse(List.of(Topics.PR_RELAY), List.of(Topics.NOTIFICATIONS)),
          new TopicUse(List.of(Topics.PR_RELAY), List.of()));

  @Test
  void aTopicOfTheCatalogueThatIsMissingIsNamedWithTheRemedy() {
    try (Admin admin = Admin.create(settings);
        var readiness = new KafkaReadiness(settings, names, uses)) {
      assertThat(look(readiness))
          .isEqualTo(
              Finding.down(
                  "Kafka has no topic %1$snotifications, %1$spr.relay: run `./slipway topics apply`."
                      .formatted(names.prefix())));

      make(admin, Topics.PR_RELAY);
      awaitFinding(
          readiness,
          Finding.degraded(
              "Kafka has no topic %snotifications: run `./slipway topics apply`."
                  .formatted(names.prefix())));

      make(admin, Topics.NOTIFICATIONS);
      awaitFinding(readiness, Finding.up());
    }
  }

  @Test
  void withoutBrokersThereIsNoAnswer() {
    Map<String, Object> nowhere = Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1");
    try (var readiness = new KafkaReadiness(nowhere, names, uses)) {
      StepVerifier.create(readiness.look()).expectError().verify(PATIENCE);
    }
  }

  private void make(Admin admin, Topic topic) {
    var _ = new TopicAdmin(admin, names).apply(List.of(topic));
  }

  private static void awaitFinding(KafkaReadiness readiness, Finding expected) {
    Awaitility.await().atMost(PATIENCE).until(() -> look(readiness), expected::equals);
  }

  private static Finding look(KafkaReadiness readiness) {
    return readiness.look().blockOptional(PATIENCE).orElseThrow();
  }
}
