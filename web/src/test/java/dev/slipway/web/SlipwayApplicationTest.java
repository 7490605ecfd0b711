package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SlipwayApplicationTest {

  @Test
  void shortNamesBecomeSettingsAndEmptyOnesDoNot() {
    Map<String, Object> defaults =
        SlipwayApplication.defaults(
            WebhookIngressConfiguration.class,
            8091,
            Map.of(
                "DATABASE_URL", "postgresql://a:b@c:5432/d",
                "KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                "KAFKA_PROPERTIES_FILE", "/etc/kafka.properties",
                "SCHEMA_REGISTRY_URL", "http://registry",
                "SLIPWAY_TOPIC_PREFIX", "",
                "SLIPWAY_OIDC_ISSUER", " ",
                "SLIPWAY_MAX_TOKEN_LIFE", "7d",
                "GITHUB_WEBHOOK_SECRET", "one,two",
                "E2B_API_KEY", "key",
                "HOME", "/root"));

    assertThat(defaults)
        .containsEntry("server.port", 8091)
        .containsEntry("spring.application.name", "webhook-ingress")
        .containsEntry("slipway.database.url", "postgresql://a:b@c:5432/d")
        .containsEntry("slipway.kafka.bootstrap-servers", "broker:9092")
        .containsEntry("slipway.kafka.properties-file", "/etc/kafka.properties")
        .containsEntry("slipway.schema-registry.url", "http://registry")
        .containsEntry("slipway.security.max-token-life", "7d")
        .containsEntry("slipway.webhook.secrets", "one,two")
        .containsEntry("slipway.e2b.api-key", "key")
        .doesNotContainKeys(
            "slipway.kafka.topic-prefix", "slipway.security.oidc-issuer", "slipway.tenants.file");
  }

  @Test
  void portOfTheEnvironmentWinsOverTheServicesOwn() {
    assertThat(
            SlipwayApplication.defaults(
                WebhookIngressConfiguration.class, 8091, Map.of("PORT", "9000")))
        .containsEntry("server.port", "9000");
  }

  private static final class WebhookIngressConfiguration {}
}
