package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class GitHubPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  @Test
  void itIsGitHubAsAnybodyUnlessSomethingElseIsSaid() {
    runner.run(context ->
        assertThat(context.getBean(GitHubProperties.class))
            .isEqualTo(
                new GitHubProperties(
                    URI.create("https://api.github.com"),
                    null,
                    null,
                    null,
                    new GitHubProperties.Client(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        DataSize.ofMegabytes(8),
                        DataSize.ofMegabytes(16),
                        20,
                        50,
                        Duration.ofSeconds(10)),
                    new GitHubProperties.Budget(80, 500, Duration.ofSeconds(1)))));
  }

  @Test
  void everySettingIsRead() {
    runner
        .withPropertyValues(
            "slipway.github.api-url=http://127.0.0.1:8082/api/v3",
            "slipway.github.app-id=12",
            "slipway.github.app-key-file=/keys/app.pem",
            "slipway.github.client.connect-timeout=1s",
            "slipway.github.client.request-timeout=2s",
            "slipway.github.client.answer-size=3MB",
            "slipway.github.client.cache-size=4MB",
            "slipway.github.client.breaker-calls=5",
            "slipway.github.client.breaker-failure-percent=6",
            "slipway.github.client.breaker-pause=7s",
            "slipway.github.budget.per-minute=8",
            "slipway.github.budget.per-hour=9",
            "slipway.github.budget.spacing=11s")
        .run(context ->
            assertThat(context.getBean(GitHubProperties.class))
                .isEqualTo(
                    new GitHubProperties(
                        URI.create("http://127.0.0.1:8082/api/v3"),
                        null,
                        "12",
                        Path.of("/keys/app.pem"),
                        new GitHubProperties.Client(
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            DataSize.ofMegabytes(3),
                            DataSize.ofMegabytes(4),
                            5,
                            6,
                            Duration.ofSeconds(7)),
                        new GitHubProperties.Budget(8, 9, Duration.ofSeconds(11)))));
  }

  @Test
  void theTokenIsReadAndNotShown() {
    runner
        .withPropertyValues("slipway.github.token=t0")
        .run(context ->
            assertThat(context.getBean(GitHubProperties.class))
                .returns(new Secret("t0"), GitHubProperties::token)
                .asString()
                .doesNotContain("t0"));
  }

  @Test
  void aTokenBesideAnAppStopsTheStart() {
    runner
        .withPropertyValues(
            "slipway.github.token=t0",
            "slipway.github.app-id=12",
            "slipway.github.app-key-file=/keys/app.pem")
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessageContaining("GITHUB_TOKEN")
                .hasMessageContaining("GITHUB_APP_ID")
                .hasMessageNotContaining("t0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"app-id=12", "app-key-file=/keys/app.pem"})
  void halfAnAppStopsTheStart(String setting) {
    runner
        .withPropertyValues("slipway.github." + setting)
        .run(context ->
            assertThat(context).getFailure().rootCause().hasMessageContaining("need each other"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=a b",
        "client.connect-timeout=99ms",
        "client.connect-timeout=61s",
        "client.request-timeout=99ms",
        "client.request-timeout=301s",
        "client.breaker-calls=1",
        "client.breaker-failure-percent=0",
        "client.breaker-failure-percent=101",
        "client.breaker-pause=99ms",
        "budget.per-minute=-1",
        "budget.per-hour=-1",
        "budget.spacing=61s"
      })
  void whatIsOutOfBoundsStopsTheStart(String setting) {
    runner
        .withPropertyValues("slipway.github." + setting)
        .run(context -> assertThat(context).hasFailed());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/api",
        "https://user:x@h/api",
        "https://h/api?x=1",
        "/api",
        "https:///api"
      })
  void whatIsNoAddressStopsTheStart(String url) {
    runner
        .withPropertyValues("slipway.github.api-url=" + url)
        .run(context -> assertThat(context).hasFailed());
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.github.com, github.com, false",
    "https://api.acme.ghe.com, acme.ghe.com, false",
    "https://API.Acme.ghe.com:443/, acme.ghe.com, false",
    "https://api.forge.example, api.forge.example, false",
    "https://ghe.example/api/v3, ghe.example, false",
    "https://ghe.example:443/api/v3, ghe.example, false",
    "http://127.0.0.1:8082/api/v3, 127.0.0.1:8082, true",
    "http://Forge.local:80, forge.local, true",
  })
  void theHostOfTheApiHasTheRepositories(URI api, String host, boolean isPlain) {
    runner
        .withPropertyValues("slipway.github.api-url=" + api)
        .run(context ->
            assertThat(context.getBean(GitHubProperties.class))
                .returns(host, GitHubProperties::gitHost)
                .returns(isPlain, GitHubProperties::isPlain));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(GitHubProperties.class)
  static class Properties {}
}
