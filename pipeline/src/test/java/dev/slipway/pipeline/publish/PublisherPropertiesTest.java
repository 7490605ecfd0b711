package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

class PublisherPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(PublisherConfiguration.class);

  @Test
  void theDefaultsPublishAThousandAtOnceAndKeepRowsForADay() {
    runner.run(context ->
        assertThat(context.getBean(OutboxRelay.Settings.class))
            .isEqualTo(
                new OutboxRelay.Settings(
                    new PublisherProperties(
                        1_000,
                        4 * 1024 * 1024,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2)),
                    new OutboxProperties(
                        Duration.ofMillis(100),
                        Duration.ofHours(24),
                        Duration.ofMinutes(1),
                        2_000))));
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.publisher.max-records=1",
            "slipway.publisher.max-bytes=2048",
            "slipway.publisher.transaction-timeout=3s",
            "slipway.publisher.min-backoff=4ms",
            "slipway.publisher.max-backoff=5s",
            "slipway.outbox.poll-interval=6ms",
            "slipway.outbox.kept=7h",
            "slipway.outbox.sweep-interval=8s",
            "slipway.outbox.sweep-rows=9")
        .run(context ->
            assertThat(context.getBean(OutboxRelay.Settings.class))
                .isEqualTo(
                    new OutboxRelay.Settings(
                        new PublisherProperties(
                            1,
                            2_048,
                            Duration.ofSeconds(3),
                            Duration.ofMillis(4),
                            Duration.ofSeconds(5)),
                        new OutboxProperties(
                            Duration.ofMillis(6), Duration.ofHours(7), Duration.ofSeconds(8), 9))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway.publisher.max-records=0",
        "slipway.publisher.max-records=10001",
        "slipway.publisher.max-bytes=1023",
        "slipway.publisher.max-bytes=67108865",
        "slipway.publisher.transaction-timeout=999ms",
        "slipway.publisher.transaction-timeout=601s",
        "slipway.publisher.min-backoff=0ms",
        "slipway.publisher.max-backoff=0ms",
        "slipway.publisher.max-record=5",
        "slipway.outbox.poll-interval=0ms",
        "slipway.outbox.poll-interval=11s",
        "slipway.outbox.kept=999ms",
        "slipway.outbox.sweep-interval=99ms",
        "slipway.outbox.sweep-rows=0",
        "slipway.outbox.sweep-rows=100001",
        "slipway.outbox.keep=1d"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }
}
