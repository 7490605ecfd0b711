package dev.slipway.pr.task;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What `sandbox.events` tell of a task's sandbox and of what was asked of it.
sealed interface SandboxTelling {
  record Runs() implements SandboxTelling {}

  /// It could not be made.
  record NotMade(TaskFailure failure) implements SandboxTelling {}

  /// What was asked was not done, because somebody cancelled it.
  record Abandoned(UUID operation) implements SandboxTelling {}

  /// It ends or has ended.
  ///
  /// @param reason as the contract spells it
  record Ended(String reason) implements SandboxTelling {}

  /// What was asked cannot be.
  record Refused(UUID operation, String code, String message) implements SandboxTelling {}

  record Cloned(UUID operation, String path, String branch, String sha) implements SandboxTelling {}

  record BranchMade(UUID operation) implements SandboxTelling {}

  /// A command has ended.
  ///
  /// @param exitCode null when it ended in another way
  /// @param tail the end of what it printed; null when nobody kept it
  /// @param failure null when it did not fail
  record CommandEnded(
      UUID operation,
      @Nullable Integer exitCode,
      @Nullable String tail,
      @Nullable TaskFailure failure,
      boolean cancelled)
      implements SandboxTelling {
    /// Leaves out what was printed.
    @Override
    public String toString() {
      return "CommandEnded[%s, %s]".formatted(operation, exitCode);
    }
  }

  /// What was changed is a commit.
  ///
  /// @param patch Base64; null when it is too large
  record Committed(
      UUID operation, String tree, String sha, String parent, int files, @Nullable String patch)
      implements SandboxTelling {
    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Committed[%s, %s]".formatted(operation, sha);
    }
  }

  record Pushed(UUID operation, String sha) implements SandboxTelling {}

  /// Something with the repository could not be done.
  record GitFailed(UUID operation, TaskFailure failure) implements SandboxTelling {}
}
