package dev.slipway.web.github;

import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Tenants;
import org.jspecify.annotations.Nullable;

/// How a tenant stands to a repository: pure.
///
/// | whose the repository is, by the tenants file | that tenant | another tenant |
/// |---|---|---|
/// | a tenant's, by its owner, else by the App's installation on it | own | stranger |
/// | nobody's, so `default`'s | own | guest |
enum Standing {
  /// It is spoken to with the tenant's credential, where it has one.
  OWN,
  /// It is spoken to as anybody.
  GUEST,
  /// It is not spoken to.
  STRANGER;

  /// By what an answer calls a repository.
  ///
  /// @param fullName as `owner/name`
  static Standing of(Tenants tenants, String tenant, String fullName) {
    return of(tenants, tenant, fullName.substring(0, Math.max(0, fullName.indexOf('/'))), null);
  }

  /// @param installation of the App on it; null when there is none or nobody asked
  static Standing of(Tenants tenants, String tenant, String owner, @Nullable Long installation) {
    String whose = tenants.of(owner, installation);
    if (whose.equals(tenant)) {
      return OWN;
    }
    return whose.equals(Caller.DEFAULT_TENANT) ? GUEST : STRANGER;
  }
}
