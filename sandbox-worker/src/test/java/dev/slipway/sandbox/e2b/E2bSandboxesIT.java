package dev.slipway.sandbox.e2b;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxProviderContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// The contract against the local server that speaks E2B's protocol.
class E2bSandboxesIT extends SandboxProviderContract {
  private static final String KEY = "e2b_" + "0".repeat(40);

  @TempDir static Path directory;

  // CONFINED: to the thread of the tests
  private @Nullable LocalE2b server;

  @Override
  protected SandboxProvider provider() throws IOException {
    LocalE2b started =
        LocalE2b.start(
            LocalE2bSettings.of(0, KEY, directory, directory.resolve("templates")),
            BubblewrapBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT),
            Clock.systemUTC());
    server = started;
    return E2bSandboxes.open(properties(started.url().toString()), Clock.systemUTC());
  }

  @Override
  protected void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static E2bProperties properties(String url) {
    var settings =
        new MapConfigurationPropertySource(
            Map.of(
                "slipway.e2b.api-key", KEY,
                "slipway.e2b.api-url", url,
                "slipway.e2b.sandbox-url", url));
    return new Binder(settings).bindOrCreate("slipway.e2b", E2bProperties.class);
  }
}
