package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.AggregateId;

/// What this stage locks: one tenant's view of one repository, with everything in it. Two tenants
/// that hear of one repository never share a row.
///
/// @param repositoryId GitHub's; 0 for deliveries that are about no repository
public record RepositoryKey(String tenant, long repositoryId) {
  static RepositoryKey of(AggregateId id) {
    return new RepositoryKey(id.tenant(), Long.parseLong(id.key()));
  }

  /// As the kernel knows it.
  public AggregateId aggregate() {
    return new AggregateId(tenant, Long.toString(repositoryId));
  }
}
