package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.SandboxDetail;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

/// What all sandboxes share: connections, the circuit breaker, the watch over silent streams.
final class Envd implements AutoCloseable {
  private final E2bProperties properties;
  private final Wire wire;
  private final Target target;
  private final Attempts attempts;
  private final EnvdFailures failures;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("e2b-silence").factory());

  /// @param lookUp asks the control plane for a sandbox that does not answer
  Envd(
      E2bProperties properties,
      Target target,
      Attempts attempts,
      Function<ExternalId, Optional<SandboxDetail>> lookUp) {
    this.properties = properties;
    this.wire =
        new Wire(
            "the sandbox",
            properties.sandboxUrl() == null ? properties.apiUrl() : properties.sandboxUrl(),
            properties.connectTimeout(),
            (int) properties.answerSize().toBytes());
    this.target = target;
    this.attempts = attempts;
    this.failures = new EnvdFailures(lookUp);
  }

  E2bSession session(ProviderSandbox sandbox) {
    return new E2bSession(new EnvdCalls(this, sandbox));
  }

  /// Where a sandbox is reached.
  String base(ProviderSandbox sandbox) {
    if (properties.sandboxUrl() != null) {
      return properties.sandboxUrl().toString();
    }
    String domain = sandbox.domain() == null ? properties.domain() : sandbox.domain();
    return "https://%d-%s.%s".formatted(EnvdCalls.PORT, sandbox.id(), domain);
  }

  /// A body that is given up after some silence.
  WatchedStream watched(InputStream body) {
    return new WatchedStream(body, properties.silence(), timer, System::nanoTime);
  }

  E2bProperties properties() {
    return properties;
  }

  Duration limit() {
    return properties.requestTimeout();
  }

  Wire wire() {
    return wire;
  }

  Target target() {
    return target;
  }

  Attempts attempts() {
    return attempts;
  }

  EnvdFailures failures() {
    return failures;
  }

  @Override
  public void close() {
    wire.close();
    timer.shutdownNow();
  }
}
