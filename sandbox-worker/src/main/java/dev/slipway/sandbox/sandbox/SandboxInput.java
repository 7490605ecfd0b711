package dev.slipway.sandbox.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a sandbox can be told. Wishes name the operation that comes of them: the id of the request
/// or the record that brings them. Outcomes are brought by workers.
public sealed interface SandboxInput {
  /// Make it.
  record Create(UUID operation, SandboxSpec spec, SandboxContext context) implements SandboxInput {}

  /// Run a command, behind those that were asked for earlier.
  record RunCommand(UUID operation, CommandSpec command) implements SandboxInput {}

  record Pause(UUID operation) implements SandboxInput {}

  record Resume(UUID operation) implements SandboxInput {}

  /// End its processes, and make its files what its template has.
  record Reset(UUID operation) implements SandboxInput {}

  /// Let it live so long from now on, if that is longer than it would.
  record Extend(UUID operation, Duration timeout) implements SandboxInput {}

  /// Do something with a repository in it, behind what was asked for earlier.
  record Work(SandboxOperation.Git wanted) implements SandboxInput {}

  /// Make the branch of a task, which only that task's own sandbox may.
  record TaskBranch(SandboxOperation.Branch wanted, String taskId) implements SandboxInput {}

  /// Something is wrong with a wish, whatever the state is.
  ///
  /// @param message for people, and never a value of it
  record Refused(UUID operation, String message) implements SandboxInput {}

  /// Something was done with a repository in it.
  record Worked(UUID operation, GitResult result) implements SandboxInput {}

  /// A pull request came of what it pushed.
  ///
  /// @param request id of what brings it, so that a refusal is told once
  record Link(UUID request, PullRequestLink pullRequest) implements SandboxInput {}

  /// End it.
  ///
  /// @param request id of what brings it, so that a refusal is told once
  record Terminate(UUID request, KillReason reason) implements SandboxInput {}

  /// An operation is no longer wanted.
  ///
  /// @param request id of what brings it, so that a refusal is told once
  record Cancel(UUID request, UUID operation) implements SandboxInput {}

  /// The creation would take a name that another has.
  record NameTaken(UUID operation) implements SandboxInput {}

  /// A sandbox of its provider's bears its tags: is it not this one? Refused when it is.
  record Condemn(String externalId) implements SandboxInput {}

  /// Its provider has this sandbox no more.
  record Gone(String externalId) implements SandboxInput {}

  /// Its time is over.
  record Expired(Instant at) implements SandboxInput {}

  /// It was made, and runs.
  record Created(UUID operation, String provider, String externalId) implements SandboxInput {}

  /// It was not made, because it was no longer wanted.
  record CreationCancelled(UUID operation) implements SandboxInput {}

  /// A command runs.
  ///
  /// @param command its beginning, for people; values of its secrets are masked
  record CommandBegan(UUID operation, String command) implements SandboxInput {}

  /// A command has ended.
  ///
  /// @param result what there was of it; null when it never began
  /// @param failure null when it did not fail
  record CommandEnded(
      UUID operation,
      @Nullable CommandResult result,
      @Nullable SandboxFailure failure,
      boolean cancelled)
      implements SandboxInput {}

  record Paused(UUID operation) implements SandboxInput {}

  record Resumed(UUID operation) implements SandboxInput {}

  /// Another was made in its place.
  ///
  /// @param externalId the provider's id of it
  record WasReset(UUID operation, String provider, String externalId) implements SandboxInput {}

  record Extended(UUID operation, Duration timeout) implements SandboxInput {}

  /// A sandbox of its provider's has ended.
  record Terminated(UUID operation, String externalId) implements SandboxInput {}

  /// Something that is neither a command nor the creation was not done, because it was no longer
  /// wanted.
  record OperationCancelled(UUID operation) implements SandboxInput {}

  /// An operation ended without an outcome of its own.
  record OperationFailed(UUID operation, SandboxFailure failure) implements SandboxInput {}
}
