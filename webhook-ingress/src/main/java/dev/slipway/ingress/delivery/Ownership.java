package dev.slipway.ingress.delivery;

import dev.slipway.web.security.Caller;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whose a delivery is.
///
/// | Signed by | Tenant |
/// |---|---|
/// | the operator | the first that claims an owner the body names, else its installation; else `default` |
/// | a tenant | that tenant, if every owner the body names is its own and the installation nobody else's; a body about no repository and no organization is its own too |
/// | several | the operator's answer if it is among them, else the one whose scope fits |
final class Ownership {
  private final TenantLookup tenants;

  /// Says whose an owner or an installation is, as `Tenants.of` does.
  @FunctionalInterface
  interface TenantLookup {
    String of(@Nullable String owner, @Nullable Long installationId);
  }

  Ownership(TenantLookup tenants) {
    this.tenants = tenants;
  }

  /// The tenant of a delivery.
  ///
  /// @param signers at least one
  /// @return empty when the body is about somebody outside the scope of every signer
  Optional<String> tenant(Set<Signer> signers, Payload payload) {
    if (signers.contains(new Signer.Operator())) {
      return Optional.of(mapped(payload));
    }
    return signers.stream()
        .map(signer ->
            switch (signer) {
              case Signer.Operator() -> mapped(payload);
              case Signer.Tenant(var name) -> covers(name, payload) ? name : null;
            })
        .filter(Objects::nonNull)
        .findFirst();
  }

  private boolean covers(String tenant, Payload payload) {
    List<String> owners = payload.owners();
    Long installation = payload.installationId();
    if (installation != null && !ownOrNobodys(tenant, installation)) {
      return false;
    }
    if (owners.isEmpty()) {
      // An id alone could be anybody's: rows are found by it.
      return payload.repositoryId() == null && payload.organizationId() == null;
    }
    return owners.stream().allMatch(owner -> tenants.of(owner, installation).equals(tenant));
  }

  private boolean ownOrNobodys(String tenant, Long installation) {
    String other = tenants.of(null, installation);
    return other.equals(tenant) || other.equals(Caller.DEFAULT_TENANT);
  }

  private String mapped(Payload payload) {
    return payload.owners().stream()
        .map(owner -> tenants.of(owner, null))
        .filter(tenant -> !tenant.equals(Caller.DEFAULT_TENANT))
        .findFirst()
        .orElseGet(() -> tenants.of(null, payload.installationId()));
  }

  /// The key that keeps what belongs together in order, as the catalogue of topics says.
  static String topicKey(Payload payload, @Nullable Long hookId, String deliveryId) {
    if (payload.repositoryId() != null) {
      return payload.repositoryId().toString();
    }
    if (payload.installationId() != null) {
      return "installation:" + payload.installationId();
    }
    if (payload.organizationId() != null) {
      return "organization:" + payload.organizationId();
    }
    return hookId != null ? "hook:" + hookId : deliveryId;
  }
}
