package dev.slipway.pr.pullrequest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tasks that pull requests of a repository are of.
///
/// @param byNumber by the number that they have
/// @param byBranch by the branch that is to be merged
record Tasks(Map<Long, Owner> byNumber, Map<String, Owner> byBranch) {
  static final Tasks NONE = new Tasks(Map.of(), Map.of());

  Tasks {
    byNumber = Map.copyOf(byNumber);
    byBranch = Map.copyOf(byBranch);
  }

  /// The one of a pull request: by its number, else by its head if that is in the repository
  /// itself. A fork's branch is nobody's, also when it bears the name of a task's.
  @Nullable Owner of(long repositoryId, Summary pullRequest) {
    Owner exact = byNumber.get(pullRequest.number());
    Summary.Head head = pullRequest.head();
    if (exact != null || head == null || head.repositoryId() == null) {
      return exact;
    }
    return head.repositoryId() == repositoryId ? byBranch.get(head.ref()) : null;
  }
}
