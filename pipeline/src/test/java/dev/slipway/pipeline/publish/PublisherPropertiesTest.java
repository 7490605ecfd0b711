package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class PublisherPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Bound.class);

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({PublisherProperties.class, OutboxProperties.class})
  static class Bound {
    @Bean
    OutboxRelay.Settings settings(PublisherProperties limits, OutboxProperties outbox) {
      return new OutboxRelay.Settings(limits, outbox);
    }
  }

  @Test
  void theDefaultsPublishAThousandOrAMebibyteAtOnceAndKeepRowsForTenMinutes() {
    runner.run(context ->
        assertThat(context.getBean(OutboxRelay.Settings.class))
            .isEqualTo(
                new OutboxRelay.Settings(
                    new PublisherProperties(
                        1_000,
                        1024 * 1024,
                        Duration.ofSeconds(3),
                        Duration.ofMillis(8),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2)),
                    new OutboxProperties(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(1),
                        2_000,
                        null))));
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.publisher.max-records=1",
            "slipway.publisher.max-bytes=2048",
            "slipway.publisher.transaction-timeout=2s",
            "slipway.publisher.pace=3ms",
            "slipway.publisher.min-backoff=4ms",
            "slipway.publisher.max-backoff=5s",
            "slipway.outbox.poll-interval=6ms",
            "slipway.outbox.kept=7h",
            "slipway.outbox.sweep-interval=8s",
            "slipway.outbox.sweep-rows=9",
            "slipway.outbox.boot-directory=/var/lib/slipway")
        .run(context ->
            assertThat(context.getBean(OutboxRelay.Settings.class))
                .isEqualTo(
                    new OutboxRelay.Settings(
                        new PublisherProperties(
                            1,
                            2_048,
                            Duration.ofSeconds(2),
                            Duration.ofMillis(3),
                            Duration.ofMillis(4),
                            Duration.ofSeconds(5)),
                        new OutboxProperties(
                            Duration.ofMillis(6),
                            Duration.ofHours(7),
                            Duration.ofSeconds(8),
                            9,
                            Path.of("/var/lib/slipway")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway.publisher.max-records=0",
        "slipway.publisher.max-records=10001",
        "slipway.publisher.max-bytes=1023",
        "slipway.publisher.max-bytes=1048577",
        "slipway.publisher.transaction-timeout=999ms",
        "slipway.publisher.transaction-timeout=601s",
        "slipway.publisher.min-backoff=0ms",
        "slipway.publisher.max-backoff=0ms",
        "slipway.publisher.max-record=5",
        "slipway.outbox.poll-interval=0ms",
        "slipway.outbox.poll-interval=11s",
        "slipway.publisher.pace=-1ms",
        "slipway.publisher.pace=2s",
        "slipway.outbox.kept=119s",
        "slipway.outbox.sweep-interval=99ms",
        "slipway.outbox.sweep-rows=0",
        "slipway.outbox.sweep-rows=100001",
        "slipway.outbox.keep=1d"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }
}
