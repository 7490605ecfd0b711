package dev.slipway.standalone.parts;

import dev.slipway.web.SlipwayApplication;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.springframework.context.ConfigurableApplicationContext;

/// Running services: one Spring context, one port.
public final class Services implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  private final ConfigurableApplicationContext context;
  private final URI url;

  private Services(ConfigurableApplicationContext context, URI url) {
    this.context = context;
    this.url = url;
  }

  /// Starts them; they may not be ready yet.
  ///
  /// @param configuration their beans
  /// @param settings see [ServiceSettings]
  public static Services start(Class<?> configuration, int port, Map<String, String> settings) {
    ConfigurableApplicationContext context =
        SlipwayApplication.run(configuration, port, ServiceSettings.arguments(settings));
    return new Services(context, URI.create("http://127.0.0.1:" + port));
  }

  /// Waits until they say that they are ready.
  ///
  /// @param room without which they never will be
  public void awaitReady(StartRoom room) throws TimeoutException, InterruptedException {
    Readiness.await(url, READY_LIMIT, room);
  }

  public URI url() {
    return url;
  }

  @Override
  public void close() {
    context.close();
  }
}
