package dev.slipway.sandbox.worker;

import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where there is none: whoever asks is told why.
final class MissingProvider implements SandboxProvider {
  private final String why;

  /// @param why and what to do about it
  MissingProvider(String why) {
    this.why = why;
  }

  @Override
  public String name() {
    return "none";
  }

  @Override
  public ProviderSandbox create(CreateRequest request) {
    throw refused();
  }

  @Override
  public List<ListedSandbox> list(Map<String, String> metadata) {
    throw refused();
  }

  @Override
  public Optional<SandboxDetail> find(ExternalId id) {
    throw refused();
  }

  @Override
  public boolean kill(ExternalId id) {
    throw refused();
  }

  @Override
  public void extend(ExternalId id, Duration lifetime) {
    throw refused();
  }

  @Override
  public boolean pause(ExternalId id) {
    throw refused();
  }

  @Override
  public ProviderSandbox resume(ExternalId id, Duration lifetime) {
    throw refused();
  }

  @Override
  public void network(ExternalId id, NetworkAccess access) {
    throw refused();
  }

  @Override
  public Optional<SandboxMetrics> metrics(ExternalId id) {
    throw refused();
  }

  @Override
  public SandboxSession open(ProviderSandbox sandbox) {
    throw refused();
  }

  private ProviderRefusedException refused() {
    return new ProviderRefusedException(FailureCode.UNAVAILABLE, why, false, null);
  }
}
