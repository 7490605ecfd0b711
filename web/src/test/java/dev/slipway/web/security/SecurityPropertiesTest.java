package dev.slipway.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SecurityPropertiesTest {
  private final ApplicationContextRunner context =
      new ApplicationContextRunner().withUserConfiguration(SecurityConfiguration.class);

  @TempDir private Path directory;

  @Test
  void defaults() {
    context.run(started -> {
      assertThat(started.getBean(SecurityProperties.class))
          .isEqualTo(
              new SecurityProperties(
                  null, null, "slipway", false, Duration.ofDays(30), Duration.ofSeconds(30)));
      assertThat(started.getBean(TenantsProperties.class)).isEqualTo(new TenantsProperties(null));
      assertThat(started.getBean(Tenants.class).of("anybody", 1L)).isEqualTo("default");
    });
  }

  @Test
  void fullMapping() {
    context
        .withPropertyValues(
            "slipway.security.oidc-issuer=https://login.example.com",
            "slipway.security.audience=https://slipway.example.com",
            "slipway.security.accept-plain-jwt=true",
            "slipway.security.max-token-life=12h",
            "slipway.security.clock-skew=5m")
        .run(started ->
            assertThat(started.getBean(SecurityProperties.class))
                .isEqualTo(
                    new SecurityProperties(
                        null,
                        URI.create("https://login.example.com"),
                        "https://slipway.example.com",
                        true,
                        Duration.ofHours(12),
                        Duration.ofMinutes(5))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "security.clock-skew=-1s",
        "security.clock-skew=301s",
        "security.max-token-life=59s",
        "security.max-token-life=367d",
        "security.audience=",
        "security.jwt-key=/keys",
        "security.jwt-keys=/nowhere/jwt-keys.json",
        "tenants.files=/tenants",
        "tenants.file=/nowhere/tenants.json"
      })
  void outOfBoundsMisspeltOrMissingStopsTheStart(String property) {
    context
        .withPropertyValues("slipway." + property)
        .run(started -> assertThat(started).hasFailed());
  }

  @Test
  void keysAndIssuerTogetherStopTheStartWithTheRemedy() {
    context
        .withPropertyValues(
            "slipway.security.jwt-keys=/keys", "slipway.security.oidc-issuer=https://a.example.com")
        .run(started ->
            assertThat(started)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("keep one of them"));
  }

  @Test
  void secretIsTheValueOrWhatItRefersTo() throws IOException {
    Files.writeString(directory.resolve("password"), "from-file\n");

    context
        .withUserConfiguration(Holder.class)
        .withPropertyValues(
            "slipway.secrets.directory=" + directory,
            "holder.one=secret://file/password",
            "holder.several=first, second")
        .run(started ->
            assertThat(started.getBean(Holding.class))
                .isEqualTo(
                    new Holding(
                        new Secret("from-file"),
                        List.of(new Secret("first"), new Secret("second"))))
                .asString()
                .doesNotContain("from-file", "first", "second"));
  }

  @Test
  void secretThatLeadsNowhereStopsTheStart() {
    context
        .withUserConfiguration(Holder.class)
        .withPropertyValues("holder.one=secret://env/NO_SUCH_VARIABLE_HERE")
        .run(started ->
            assertThat(started)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("secret://env/NO_SUCH_VARIABLE_HERE is not set or empty"));
  }

  @EnableConfigurationProperties(Holding.class)
  static class Holder {}

  @ConfigurationProperties("holder")
  record Holding(Secret one, List<Secret> several) {}
}
