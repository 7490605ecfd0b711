package dev.slipway.localgithub.repository;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a protected branch does not take. Nobody here is exempt, be he an administrator.
///
/// @param reviews how many approvals a change needs, null when it needs no pull request
/// @param checks contexts that must have succeeded, null when there is no such rule
/// @param strict whether a pull request must have the newest of its base
/// @param enforcesAdmins as it was asked for; see above
/// @param restricted whether only some may push, who are not among those we know
/// @param linear whether it has no merge commits
record Protection(
    long id,
    String branch,
    @Nullable Integer reviews,
    boolean dismissesStale,
    @Nullable List<String> checks,
    boolean strict,
    boolean enforcesAdmins,
    boolean restricted,
    boolean linear,
    boolean takesForce,
    boolean takesDeletion,
    boolean locked,
    boolean conversations) {
  public Protection {
    checks = checks == null ? null : List.copyOf(checks);
  }

  /// Why nobody may push to it.
  Optional<String> refusal() {
    if (locked) {
      return Optional.of("Cannot change this locked branch");
    }
    if (restricted) {
      return Optional.of("You're not authorized to push to this branch.");
    }
    if (reviews != null) {
      return Optional.of("Changes must be made through a pull request.");
    }
    return Optional.ofNullable(checks)
        .filter(some -> !some.isEmpty())
        .map(some ->
            some.size() == 1
                ? "Required status check \"" + some.getFirst() + "\" is expected."
                : "%1$d of %1$d required status checks are expected.".formatted(some.size()));
  }
}
