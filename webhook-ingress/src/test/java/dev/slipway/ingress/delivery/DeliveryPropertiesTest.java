package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.util.unit.DataSize;

class DeliveryPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  @Test
  void theDefaultsAreThoseOfTheContract() {
    runner.run(context ->
        assertThat(context.getBean(DeliveryProperties.class))
            .isEqualTo(
                new DeliveryProperties(
                    List.of(),
                    DataSize.ofMegabytes(25),
                    DataSize.ofMegabytes(36),
                    DataSize.ofBytes(0),
                    Duration.ofSeconds(10),
                    DataSize.ofKilobytes(256),
                    1000,
                    0,
                    null,
                    Duration.ofHours(1))));
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.webhook.secrets=new,old",
            "slipway.webhook.largest-json=1MB",
            "slipway.webhook.largest-form=2MB",
            "slipway.webhook.held-bytes=3MB",
            "slipway.webhook.read-timeout=4s",
            "slipway.webhook.slowest-bytes-per-second=5KB",
            "slipway.webhook.bad-signatures-per-minute=6",
            "slipway.webhook.trusted-proxy-hops=7",
            "slipway.webhook.allowed-addresses=https://api.github.com/meta",
            "slipway.webhook.allowed-addresses-refresh=8h")
        .run(context ->
            assertThat(context.getBean(DeliveryProperties.class))
                .isEqualTo(
                    new DeliveryProperties(
                        List.of(new Secret("new"), new Secret("old")),
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(2),
                        DataSize.ofMegabytes(3),
                        Duration.ofSeconds(4),
                        DataSize.ofKilobytes(5),
                        6,
                        7,
                        URI.create("https://api.github.com/meta"),
                        Duration.ofHours(8))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "largest-json=0B",
        "largest-json=37MB",
        "largest-form=37MB",
        "held-bytes=-1B",
        "slowest-bytes-per-second=-1B",
        "read-timeout=999ms",
        "read-timeout=301s",
        "bad-signatures-per-minute=0",
        "bad-signatures-per-minute=1000001",
        "trusted-proxy-hops=-1",
        "trusted-proxy-hops=11",
        "allowed-addresses=ftp://example.com",
        "allowed-addresses=meta.json",
        "allowed-addresses-refresh=999ms",
        "allowed-addresses-refresh=25h",
        "no-such-setting=1"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner
        .withPropertyValues("slipway.webhook." + setting)
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void secretsDoNotPrint() {
    runner
        .withPropertyValues("slipway.webhook.secrets=hunter2")
        .run(context ->
            assertThat(context.getBean(DeliveryProperties.class).toString())
                .doesNotContain("hunter2"));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DeliveryProperties.class)
  static class Properties {
    @Bean
    @ConfigurationPropertiesBinding
    static Converter<String, Secret> secrets() {
      return new Converter<>() {
        @Override
        public Secret convert(String text) {
          return new Secret(text);
        }
      };
    }
  }
}
