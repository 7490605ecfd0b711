package dev.slipway.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.schemas.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class KafkaPropertiesTest {
  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(KafkaConfiguration.class);

  private final ApplicationContextRunner runner =
      bare.withPropertyValues(
          "slipway.kafka.bootstrap-servers=a:1", "slipway.schema-registry.url=http://r");

  @Test
  void theDefaultsAreNoPrefixAndRegisteringWriters() {
    runner.run(context -> {
      assertThat(context.getBean(KafkaProperties.class))
          .isEqualTo(new KafkaProperties("a:1", "", Map.of()));
      assertThat(context.getBean(SchemaRegistryProperties.class))
          .isEqualTo(new SchemaRegistryProperties("http://r", true, Map.of()));
    });
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.kafka.topic-prefix=x.",
            "slipway.kafka.client[security.protocol]=SASL_SSL",
            "slipway.schema-registry.auto-register=false",
            "slipway.schema-registry.client[basic.auth.user.info]=u:p")
        .run(context -> {
          assertThat(context.getBean(KafkaProperties.class))
              .isEqualTo(new KafkaProperties("a:1", "x.", Map.of("security.protocol", "SASL_SSL")));
          assertThat(context.getBean(SchemaRegistryProperties.class))
              .isEqualTo(
                  new SchemaRegistryProperties(
                      "http://r", false, Map.of("basic.auth.user.info", "u:p")));
          assertThat(context.getBean(TopicNames.class)).isEqualTo(new TopicNames("x."));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway.kafka.bootstrap-servers=",
        "slipway.kafka.topic-prefix=a b",
        "slipway.kafka.topic-prefx=x",
        "slipway.schema-registry.url=",
        "slipway.schema-registry.auto=true"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }

  @Test
  void withoutAddressesThereIsNoStart() {
    bare.run(context -> assertThat(context).hasFailed());
  }

  @Test
  void passwordsDoNotPrint() {
    var kafka = new KafkaProperties("a:1", "", Map.of("sasl.jaas.config", "hunter2"));
    var registry = new SchemaRegistryProperties("http://u:hunter2@r", true, Map.of("x", "hunter2"));

    assertThat(kafka.toString() + registry).doesNotContain("hunter2");
  }

  @Test
  void everyClientGetsTheInstallationsOwnSettingsOnTop() {
    var clients =
        new KafkaClients(
            new KafkaProperties("a:1", "", Map.of("linger.ms", "7")),
            new SchemaRegistryProperties("http://r", false, Map.of("http.read.timeout.ms", "9")));

    assertThat(clients.producer("p"))
        .containsEntry("linger.ms", "7")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("client.id", "p");
    assertThat(clients.consumer("c"))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("auto.offset.reset", "none");
    assertThat(clients.admin("a")).containsEntry("bootstrap.servers", "a:1");
    assertThat(clients.serde())
        .containsEntry("schema.registry.url", "http://r")
        .containsEntry("auto.register.schemas", false)
        .containsEntry("http.read.timeout.ms", "9");
  }

  @Test
  void threeBrokersReplicateAndOneFlushes() {
    Map<String, String> one = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, 1);
    Map<String, String> three = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, 3);

    assertThat(one).containsEntry("min.insync.replicas", "1").containsEntry("flush.messages", "1");
    assertThat(three)
        .containsEntry("min.insync.replicas", "2")
        .containsEntry("flush.messages", Long.toString(Long.MAX_VALUE));
  }
}
