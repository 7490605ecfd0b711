package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.BranchPrefix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class GitPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Properties.class);

  @Test
  void nothingNeedBeSaid() {
    runner.run(context ->
        assertThat(context.getBean(GitProperties.class))
            .isEqualTo(
                new GitProperties(
                    null,
                    List.of(),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1),
                    DataSize.ofGigabytes(1),
                    DataSize.ofGigabytes(10),
                    DataSize.ofMegabytes(64),
                    List.of(),
                    new BranchPrefix("slipway/"))));
  }

  @Test
  void everySettingIsRead() {
    runner
        .withPropertyValues(
            "slipway.git.directory=/var/git",
            "slipway.git.hosts=git.example,git.example:8443",
            "slipway.git.timeout=2m",
            "slipway.git.push-timeout=30s",
            "slipway.git.repository-size=2MB",
            "slipway.git.snapshots-size=3MB",
            "slipway.git.patch-size=4MB",
            "slipway.git.workflows=acme,default",
            "slipway.git.branch-prefix=bots/tasks/")
        .run(context ->
            assertThat(context.getBean(GitProperties.class))
                .isEqualTo(
                    new GitProperties(
                        Path.of("/var/git"),
                        List.of("git.example", "git.example:8443"),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        DataSize.ofMegabytes(2),
                        DataSize.ofMegabytes(3),
                        DataSize.ofMegabytes(4),
                        List.of("acme", "default"),
                        new BranchPrefix("bots/tasks/"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway.git.timeout=0s",
        "slipway.git.timeout=10m",
        "slipway.git.push-timeout=0s",
        "slipway.git.push-timeout=10m",
        "slipway.git.repository-size=11GB",
        "slipway.git.hostz=x",
        "slipway.git.branch-prefix=",
        "slipway.git.branch-prefix=slipway",
        "slipway.git.branch-prefix=/",
        "slipway.git.branch-prefix=a..b/",
      })
  void aWrongSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(GitProperties.class)
  static class Properties {}
}
