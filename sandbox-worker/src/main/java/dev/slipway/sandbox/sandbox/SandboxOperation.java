package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a worker does for a sandbox.
///
/// | kind | in order | how long it is tried |
/// |---|---|---|
/// | `create_sandbox` | yes | 5 min |
/// | `run_command` | yes | its own time-out counts from its start |
/// | `pause`, `resume`, `reset` | yes | 2 min |
/// | `extend` | no | 2 min |
/// | `terminate` | no | until it is done |
/// | `clone`, `branch`, `commit`, `push` | yes | 10 min |
public sealed interface SandboxOperation extends Operation {
  /// What kind of operation it is.
  default Kind kind() {
    return switch (this) {
      case CreateSandbox _ -> Kind.CREATE_SANDBOX;
      case RunCommand _ -> Kind.RUN_COMMAND;
      case Pause _ -> Kind.PAUSE;
      case Resume _ -> Kind.RESUME;
      case Reset _ -> Kind.RESET;
      case Extend _ -> Kind.EXTEND;
      case Terminate _ -> Kind.TERMINATE;
      case Clone _ -> Kind.CLONE;
      case Branch _ -> Kind.BRANCH;
      case Commit _ -> Kind.COMMIT;
      case Push _ -> Kind.PUSH;
    };
  }

  /// Kinds of operations.
  enum Kind {
    CREATE_SANDBOX,
    RUN_COMMAND,
    PAUSE,
    RESUME,
    RESET,
    EXTEND,
    TERMINATE,
    CLONE,
    BRANCH,
    COMMIT,
    PUSH;

    /// Whether it is about a repository in the sandbox.
    public boolean isGit() {
      return switch (this) {
        case CLONE, BRANCH, COMMIT, PUSH -> true;
        case CREATE_SANDBOX, RUN_COMMAND, PAUSE, RESUME, RESET, EXTEND, TERMINATE -> false;
      };
    }

    /// As the contract spells it.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The kind that the contract spells so.
    public static Kind of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }

  /// One that somebody asked for, under an id of its own.
  sealed interface Asked extends SandboxOperation {
    UUID operation();

    @Override
    default Optional<UUID> id() {
      return Optional.of(operation());
    }
  }

  record CreateSandbox(UUID operation, SandboxSpec spec, SandboxContext context) implements Asked {}

  record RunCommand(UUID operation, CommandSpec command) implements Asked {}

  record Pause(UUID operation) implements Asked {}

  record Resume(UUID operation) implements Asked {}

  record Reset(UUID operation) implements Asked {}

  record Extend(UUID operation, Duration timeout) implements Asked {}

  /// One that is about a repository in it.
  sealed interface Git extends Asked {
    /// Where the repository is, absolute.
    String path();
  }

  /// Brings a repository in.
  ///
  /// @param repositoryUrl normalised
  /// @param branch null for the remote's own choice
  /// @param depth how many commits deep; 0 for all
  record Clone(
      UUID operation,
      String path,
      String repositoryUrl,
      @Nullable String branch,
      int depth,
      boolean submodules,
      boolean lfs)
      implements Git {}

  /// Makes the branch for what comes out.
  record Branch(UUID operation, String path, String name) implements Git {}

  /// Makes a commit of what was changed.
  ///
  /// @param author null for Slipway
  /// @param at its date, whole seconds; null for when it is made
  record Commit(
      UUID operation, String path, String message, @Nullable GitAuthor author, @Nullable Instant at)
      implements Git {
    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Commit[%s, %s]".formatted(operation, path);
    }
  }

  /// Brings the branch to the remote.
  record Push(UUID operation, String path) implements Git {}

  /// Ends a sandbox of the provider's; nobody names it, so its id is derived.
  record Terminate(String externalId) implements SandboxOperation {}
}
