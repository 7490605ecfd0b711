package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.unit.DataSize;

class WebPropertiesTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(Properties.class);

  @Test
  void defaults() {
    context.run(started ->
        assertThat(started.getBean(WebProperties.class))
            .isEqualTo(
                new WebProperties(
                    List.of(), List.of(), 2000, Duration.ofSeconds(10), DataSize.ofKilobytes(64))));
  }

  @Test
  void fullMapping() {
    context
        .withPropertyValues(
            "slipway.web.hosts=a.example.com,[fd00::1]",
            "slipway.web.cors-origins=https://a.example.com,http://localhost:3000",
            "slipway.web.requests-per-second=7",
            "slipway.web.body-timeout=20s",
            "slipway.web.max-request-line=8KB")
        .run(started ->
            assertThat(started.getBean(WebProperties.class))
                .isEqualTo(
                    new WebProperties(
                        List.of("a.example.com", "[fd00::1]"),
                        List.of("https://a.example.com", "http://localhost:3000"),
                        7,
                        Duration.ofSeconds(20),
                        DataSize.ofKilobytes(8))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests-per-second=1",
        "requests-per-second=1000000",
        "body-timeout=100ms",
        "body-timeout=5m",
        "max-request-line=4KB",
        "max-request-line=1MB"
      })
  void boundsAreAllowed(String property) {
    context
        .withPropertyValues("slipway.web." + property)
        .run(started -> assertThat(started).hasNotFailed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requests-per-second=0",
        "requests-per-second=1000001",
        "body-timeout=99ms",
        "body-timeout=301s",
        "max-request-line=4095B",
        "max-request-line=1048577B",
        "hosts=a.example.com:8080",
        "hosts=*",
        "cors-origins=*",
        "cors-origins=https://a.example.com/path",
        "cors-origins=a.example.com",
        "host=a.example.com"
      })
  void outOfBoundsOrMisspeltStopsTheStart(String property) {
    context
        .withPropertyValues("slipway.web." + property)
        .run(started -> assertThat(started).hasFailed());
  }

  @EnableConfigurationProperties(WebProperties.class)
  static class Properties {}
}
