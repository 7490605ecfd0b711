package dev.slipway.notifier.router;

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

class RouterPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(Settings.class);

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(RouterProperties.class)
  static class Settings {}

  @Test
  void topicsAreLookedAtEveryTenSecondsUnlessToldOtherwise() {
    runner.run(context ->
        assertThat(context.getBean(RouterProperties.class))
            .isEqualTo(new RouterProperties(Duration.ofSeconds(10))));
    runner
        .withPropertyValues("slipway.router.verify-interval=3s")
        .run(context ->
            assertThat(context.getBean(RouterProperties.class))
                .isEqualTo(new RouterProperties(Duration.ofSeconds(3))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"slipway.router.verify-interval=99ms", "slipway.router.verify=3s"})
  void aSenselessSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }
}
