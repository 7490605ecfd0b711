package dev.slipway.web.security;

import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pipeline.security.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which tenant a repository's owner or an app's installation belongs to, and which secrets sign
/// that tenant's webhooks.
///
/// A tenant's own secret covers a delivery only if [#of] answers that tenant for it; the operator's
/// secrets (a setting of the ingress) cover every delivery.
public final class Tenants {
  private final Map<String, String> byOwner;
  private final Map<Long, String> byInstallation;
  private final Map<String, List<Secret>> webhookSecrets;

  /// @param byOwner keys as [GitHubNames#folded] has them
  Tenants(
      Map<String, String> byOwner,
      Map<Long, String> byInstallation,
      Map<String, List<Secret>> webhookSecrets) {
    this.byOwner = Map.copyOf(byOwner);
    this.byInstallation = Map.copyOf(byInstallation);
    this.webhookSecrets = Map.copyOf(webhookSecrets);
  }

  /// Everything belongs to [Caller#DEFAULT_TENANT].
  public static Tenants none() {
    return new Tenants(Map.of(), Map.of(), Map.of());
  }

  /// The tenant of the owner, else of the installation, else [Caller#DEFAULT_TENANT]. An owner that
  /// one tenant claims is never another's through an installation.
  ///
  /// @param owner GitHub login in any case
  public String of(@Nullable String owner, @Nullable Long installationId) {
    String tenant = owner == null ? null : byOwner.get(GitHubNames.folded(owner));
    if (tenant == null && installationId != null) {
      tenant = byInstallation.get(installationId);
    }
    return tenant == null ? Caller.DEFAULT_TENANT : tenant;
  }

  /// The secrets of tenants that have their own, by tenant; the newest first, older ones until they
  /// are rotated out.
  public Map<String, List<Secret>> webhookSecrets() {
    return webhookSecrets;
  }
}
