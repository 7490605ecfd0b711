package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.Network;
import dev.slipway.sandbox.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Makes sandboxes. A provider knows no idempotency key: so each bears the id of the operation that
/// made it, and whoever tries again looks for that first. Of two the earliest lives; the other is
/// nobody's, and is ended as such.
final class Maker {
  private final SandboxProvider provider;
  private final UUID installation;
  private final Duration lifetime;

  Maker(SandboxProvider provider, UUID installation, Duration lifetime) {
    this.provider = provider;
    this.installation = installation;
    this.lifetime = lifetime;
  }

  /// Makes one, or finds the one that was made.
  ///
  /// @param environment resolved
  /// @return empty when there was none, and it is no longer wanted
  Optional<ExternalId> make(
      LeasedOperation operation,
      SandboxSpec spec,
      Map<String, String> environment,
      boolean isCancelled) {
    // nobody has tried before the first lease
    List<ListedSandbox> made =
        operation.epoch() == 1
            ? List.of()
            : provider.list(Tags.of(installation, operation.id())).stream()
                .sorted(
                    Comparator.comparing(ListedSandbox::startedAt)
                        .thenComparing(listed -> listed.id().value()))
                .toList();
    if (!made.isEmpty()) {
      return Optional.of(made.getFirst().id());
    }
    return isCancelled
        ? Optional.empty()
        : Optional.of(provider.create(request(operation, spec, environment)).id());
  }

  private CreateRequest request(
      LeasedOperation operation, SandboxSpec spec, Map<String, String> environment) {
    var tags =
        new Tags(
            installation,
            operation.aggregate().tenant(),
            operation.aggregate().key(),
            operation.id());
    return new CreateRequest(
        spec.template(), lifetime, tags.over(spec.metadata()), environment, access(spec.network()));
  }

  private static NetworkAccess access(Network network) {
    return switch (network.mode()) {
      case ON -> new NetworkAccess.On();
      case OFF -> new NetworkAccess.Off();
      case HOSTS -> new NetworkAccess.Hosts(network.hosts());
    };
  }
}
