package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.SandboxProvider;
import java.net.URI;
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

class E2bPropertiesTest {
  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  private final ApplicationContextRunner runner =
      bare.withPropertyValues("slipway.e2b.api-key=e2b_k");

  @Test
  void theDefaultsAreThoseOfE2b() {
    runner.run(context ->
        assertThat(context.getBean(E2bProperties.class))
            .isEqualTo(
                new E2bProperties(
                    new Secret("e2b_k"),
                    URI.create("https://api.e2b.app"),
                    null,
                    "e2b.app",
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    3,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    DataSize.ofMegabytes(8),
                    DataSize.ofMegabytes(1),
                    20,
                    50,
                    Duration.ofSeconds(10))));
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.e2b.api-url=http://127.0.0.1:1/x/",
            "slipway.e2b.sandbox-url=http://127.0.0.1:2",
            "slipway.e2b.domain=example.test:3",
            "slipway.e2b.connect-timeout=4s",
            "slipway.e2b.request-timeout=5s",
            "slipway.e2b.attempts=6",
            "slipway.e2b.longest-pause=7s",
            "slipway.e2b.keep-alive=8s",
            "slipway.e2b.answer-size=9MB",
            "slipway.e2b.frame-size=10MB",
            "slipway.e2b.breaker-calls=11",
            "slipway.e2b.breaker-failure-percent=12",
            "slipway.e2b.breaker-pause=13s")
        .run(context ->
            assertThat(context.getBean(E2bProperties.class))
                .isEqualTo(
                    new E2bProperties(
                        new Secret("e2b_k"),
                        URI.create("http://127.0.0.1:1/x"),
                        URI.create("http://127.0.0.1:2"),
                        "example.test:3",
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        6,
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        DataSize.ofMegabytes(9),
                        DataSize.ofMegabytes(10),
                        11,
                        12,
                        Duration.ofSeconds(13))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api-key=",
        "api-key=two words",
        "api-url=ftp://a",
        "api-url=http://u:p@a",
        "api-url=http://a?x=y",
        "api-url=a",
        "sandbox-url=ftp://a",
        "domain=",
        "domain=a/b",
        "connect-timeout=99ms",
        "connect-timeout=61s",
        "request-timeout=999ms",
        "request-timeout=601s",
        "attempts=0",
        "attempts=11",
        "longest-pause=99ms",
        "longest-pause=301s",
        "keep-alive=999ms",
        "keep-alive=91s",
        "answer-size=63KB",
        "answer-size=65MB",
        "frame-size=63KB",
        "frame-size=65MB",
        "breaker-calls=1",
        "breaker-calls=1001",
        "breaker-failure-percent=0",
        "breaker-failure-percent=101",
        "breaker-pause=99ms",
        "breaker-pause=301s",
        "no-such-setting=1"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner
        .withPropertyValues("slipway.e2b." + setting)
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void theSettingsMakeAProvider() {
    runner
        .withUserConfiguration(E2bConfiguration.class)
        .run(context -> assertThat(context.getBean(SandboxProvider.class).name()).isEqualTo("e2b"));
  }

  @Test
  void withoutAKeyThereIsNoStart() {
    bare.run(context -> assertThat(context).hasFailed());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(E2bProperties.class)
  static class Properties {}
}
