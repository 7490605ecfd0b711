package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.Operation;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// What a worker does for a sandbox.
///
/// | kind | in order | how long it is tried |
/// |---|---|---|
/// | `create_sandbox` | yes | 5 min |
/// | `run_command` | yes | its own time-out counts from its start |
/// | `pause`, `resume`, `reset` | yes | 2 min |
/// | `extend` | no | 2 min |
/// | `terminate` | no | until it is done |
public sealed interface SandboxOperation extends Operation {
  /// What kind of operation it is.
  Kind kind();

  /// Kinds of operations.
  enum Kind {
    CREATE_SANDBOX,
    RUN_COMMAND,
    PAUSE,
    RESUME,
    RESET,
    EXTEND,
    TERMINATE;

    /// As the contract spells it.
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The kind that the contract spells so.
    public static Kind of(String wireName) {
      return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
  }

  record CreateSandbox(UUID operation, SandboxSpec spec, SandboxContext context)
      implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.CREATE_SANDBOX;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  record RunCommand(UUID operation, CommandSpec command) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.RUN_COMMAND;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  record Pause(UUID operation) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.PAUSE;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  record Resume(UUID operation) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.RESUME;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  record Reset(UUID operation) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.RESET;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  record Extend(UUID operation, Duration timeout) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.EXTEND;
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  /// Ends a sandbox of the provider's; nobody names it, so its id is derived.
  record Terminate(String externalId) implements SandboxOperation {
    @Override
    public Kind kind() {
      return Kind.TERMINATE;
    }
  }
}
