package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class LivePropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  @Test
  void theDefaultsAreThoseOfTheContract() {
    runner.run(context ->
        assertThat(context.getBean(LiveProperties.class))
            .isEqualTo(
                new LiveProperties(
                    Duration.ofSeconds(15),
                    Duration.ofHours(1),
                    DataSize.ofMegabytes(64),
                    2_000,
                    DataSize.ofMegabytes(8),
                    10_000,
                    20_000,
                    10_000,
                    2_000,
                    2,
                    DataSize.ofMegabytes(1),
                    Duration.ofSeconds(5))));
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.live.heartbeat=1s",
            "slipway.live.lifetime=2s",
            "slipway.live.ring-size=3MB",
            "slipway.live.warm-up-records=4",
            "slipway.live.queue-size=5MB",
            "slipway.live.queue-events=60",
            "slipway.live.connections=7",
            "slipway.live.connections-per-tenant=8",
            "slipway.live.connections-per-caller=9",
            "slipway.live.scans=10",
            "slipway.live.scan-size=11MB",
            "slipway.live.start-timeout=12s")
        .run(context ->
            assertThat(context.getBean(LiveProperties.class))
                .isEqualTo(
                    new LiveProperties(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        DataSize.ofMegabytes(3),
                        4,
                        DataSize.ofMegabytes(5),
                        60,
                        7,
                        8,
                        9,
                        10,
                        DataSize.ofMegabytes(11),
                        Duration.ofSeconds(12))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heartbeat=49ms",
        "heartbeat=301s",
        "lifetime=999ms",
        "lifetime=25h",
        "ring-size=-1B",
        "ring-size=65GB",
        "warm-up-records=-1",
        "warm-up-records=1000001",
        "queue-size=15KB",
        "queue-size=1025MB",
        "queue-events=9",
        "queue-events=1000001",
        "connections=0",
        "connections=1000001",
        "connections-per-tenant=0",
        "connections-per-tenant=1000001",
        "connections-per-caller=0",
        "connections-per-caller=1000001",
        "scans=0",
        "scans=65",
        "scan-size=15KB",
        "scan-size=65MB",
        "start-timeout=499ms",
        "start-timeout=61s",
        "no-such-setting=1"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner
        .withPropertyValues("slipway.live." + setting)
        .run(context -> assertThat(context).hasFailed());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(LiveProperties.class)
  static class Properties {}
}
