package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxProviderContract;
import java.time.Clock;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// The contract against E2B itself, with the account of `E2B_API_KEY`. No test run finds it by its
/// name, since it costs money: it is asked for by `-Dit.test=HostedE2b`.
class HostedE2b extends SandboxProviderContract {
  @Override
  protected SandboxProvider provider() {
    String key = System.getenv("E2B_API_KEY");
    assertThat(key).as("E2B_API_KEY").isNotBlank();
    return E2bSandboxes.open(properties(new Secret(key)), Clock.systemUTC());
  }

  private static E2bProperties properties(Secret key) {
    var settings = new MapConfigurationPropertySource(Map.of("slipway.e2b.api-key", key.value()));
    return new Binder(settings).bindOrCreate("slipway.e2b", E2bProperties.class);
  }
}
