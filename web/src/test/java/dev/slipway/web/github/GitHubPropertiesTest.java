package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;

class GitHubPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  @Test
  void itIsGitHubAsAnybodyUnlessSomethingElseIsSaid() {
    runner.run(context ->
        assertThat(context.getBean(GitHubProperties.class))
            .isEqualTo(new GitHubProperties(URI.create("https://api.github.com"), null)));
  }

  @Test
  void everySettingIsRead() {
    runner
        .withPropertyValues(
            "slipway.github.api-url=http://127.0.0.1:8082/api/v3", "slipway.github.token=t0")
        .run(context ->
            assertThat(context.getBean(GitHubProperties.class))
                .isEqualTo(
                    new GitHubProperties(
                        URI.create("http://127.0.0.1:8082/api/v3"), new Secret("t0"))));
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
    "https://ghe.example/api/v3, ghe.example, false",
    "https://ghe.example:443/api/v3, ghe.example, false",
    "http://127.0.0.1:8082/api/v3, 127.0.0.1:8082, true",
    "http://Forge.local:80, forge.local, true",
  })
  void theHostOfTheApiHasTheRepositories(URI api, String host, boolean isPlain) {
    var github = new GitHubProperties(api, null);

    assertThat(github.gitHost()).isEqualTo(host);
    assertThat(github.isPlain()).isEqualTo(isPlain);
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(GitHubProperties.class)
  static class Properties {}
}
