package dev.slipway.sandbox.sandbox;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a sandbox is the fold of.
public sealed interface SandboxEvent {
  record Requested(UUID operation, SandboxSpec spec, SandboxContext context)
      implements SandboxEvent {}

  record Created(SandboxState.Place place) implements SandboxEvent {}

  record Running() implements SandboxEvent {}

  record Paused() implements SandboxEvent {}

  record Resumed() implements SandboxEvent {}

  record WasReset(SandboxState.Place place) implements SandboxEvent {}

  /// It lives so long from this event on, if that is longer than it would.
  record Extended(Duration timeout) implements SandboxEvent {}

  record Terminating(KillReason reason) implements SandboxEvent {}

  record Terminated(KillReason reason) implements SandboxEvent {}

  record Failed(SandboxFailure failure) implements SandboxEvent {}

  /// A sandbox of its provider's is not it, and is ended.
  record Condemned(String externalId) implements SandboxEvent {}

  /// A wish cannot be.
  ///
  /// @param code `not_found`, `conflict`, `illegal_state` or `validation_failed`
  record Rejected(UUID operation, String code, String message) implements SandboxEvent {}

  /// Something is to be done.
  ///
  /// @param command its beginning, for people; null when it is no command
  record OperationRequested(UUID operation, SandboxOperation.Kind kind, @Nullable String command)
      implements SandboxEvent {}

  /// What is no command has ended.
  record OperationEnded(
      UUID operation,
      SandboxOperation.Kind kind,
      @Nullable SandboxFailure failure,
      boolean cancelled)
      implements SandboxEvent {}

  record CommandStarted(UUID operation, String command) implements SandboxEvent {}

  /// A command has ended.
  ///
  /// @param result null when it never began
  /// @param failure null when it did not fail
  record CommandCompleted(
      UUID operation,
      @Nullable CommandResult result,
      @Nullable SandboxFailure failure,
      boolean cancelled)
      implements SandboxEvent {}

  /// Something was done with a repository in it.
  record GitDone(UUID operation, GitResult result) implements SandboxEvent {}

  /// A pull request came of what was pushed from it.
  record Linked(PullRequestLink pullRequest) implements SandboxEvent {}

  /// Something with a repository in it could not be done.
  record GitFailed(UUID operation, SandboxOperation.Kind kind, SandboxFailure failure)
      implements SandboxEvent {}
}
