package dev.slipway.pr.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What `sandbox.events` say of a sandbox.
sealed interface SandboxFact {
  /// It was asked for.
  ///
  /// @param repository address of the one that it is for; null when none was named
  record Requested(SandboxOwner owner, @Nullable String repository, Instant at)
      implements SandboxFact {}

  /// A repository went in.
  ///
  /// @param path where it is
  /// @param repository its address
  record Cloned(String path, String repository) implements SandboxFact {}

  /// A branch came out.
  ///
  /// @param path of the repository
  record Pushed(String path, String branch, String sha) implements SandboxFact {}

  /// It has this pull request.
  record Linked(PullRequestNumber pullRequest) implements SandboxFact {}

  record Ended() implements SandboxFact {}
}
