package dev.slipway.pipeline.core;

import java.util.Optional;

/// What the names of the branches of tasks begin with; what follows it is the task's id.
///
/// @param value ends in a slash: so no branch of a task is a folder of another's
public record BranchPrefix(String value) {
  private static final int LONGEST = 100;

  /// @throws IllegalArgumentException no branch's name can begin so
  public BranchPrefix {
    if (!value.endsWith("/") || value.length() > LONGEST || !BranchName.isOne(value + "x")) {
      throw new IllegalArgumentException(
          "'%s' does not begin branches: it must end in '/' and have at most %d characters"
              .formatted(value, LONGEST));
    }
  }

  /// The branch of a task.
  public String branchOf(String taskId) {
    return value + taskId;
  }

  /// The task whose branch has this name; empty for one that is no task's. What follows the prefix
  /// need be no id: it is nobody's then.
  public Optional<String> taskOf(String branch) {
    return branch.startsWith(value)
        ? Optional.of(branch.substring(value.length()))
        : Optional.empty();
  }
}
