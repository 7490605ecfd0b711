package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ProviderSandbox;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EnvdTest {
  @Test
  void allSandboxesAreReachedAtTheUrlThatIsSet() {
    assertThat(base(URI.create("http://127.0.0.1:1/x"), "example.test"))
        .isEqualTo("http://127.0.0.1:1/x");
  }

  @Test
  void elseEachIsReachedUnderTheDomainOfItsAnswer() {
    assertThat(base(null, "example.test:99")).isEqualTo("https://49983-i1.example.test:99");
  }

  @Test
  void elseUnderTheUsualOne() {
    assertThat(base(null, null)).isEqualTo("https://49983-i1.e2b.app");
  }

  private static String base(@Nullable URI sandboxUrl, @Nullable String domain) {
    E2bProperties p = ScriptedE2b.properties(URI.create("https://api.e2b.app"));
    var properties =
        new E2bProperties(
            p.apiKey(),
            p.apiUrl(),
            sandboxUrl,
            p.domain(),
            p.connectTimeout(),
            p.requestTimeout(),
            p.attempts(),
            p.longestPause(),
            p.keepAlive(),
            p.answerSize(),
            p.frameSize(),
            p.breakerCalls(),
            p.breakerFailurePercent(),
            p.breakerPause());
    try (var envd =
        new Envd(
            properties,
            Target.sandboxes(properties, Clock.systemUTC()),
            new Attempts(properties, _ -> false),
            _ -> Optional.empty())) {
      return envd.base(new ProviderSandbox(new ExternalId("i1"), "0.6.13", null, domain));
    }
  }
}
