package dev.slipway.pr.pullrequest;

import java.util.Comparator;

/// What this stage locks: one tenant's view of one repository, with everything in it. Two tenants
/// that hear of one repository never share a row.
///
/// @param repositoryId GitHub's; 0 for deliveries that are about no repository
public record RepositoryKey(String tenant, long repositoryId) implements Comparable<RepositoryKey> {
  private static final Comparator<RepositoryKey> ORDER =
      Comparator.comparing(RepositoryKey::tenant).thenComparingLong(RepositoryKey::repositoryId);

  @Override
  public int compareTo(RepositoryKey other) {
    return ORDER.compare(this, other);
  }
}
