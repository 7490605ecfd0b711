package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Command;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What a task wants of its sandbox.
sealed interface SandboxWish extends Command {
  UUID sandbox();

  /// Whom the sandbox is for, who is told with each wish.
  TaskOwner owner();

  /// One that an operation comes of, which the task must know.
  sealed interface Asked extends SandboxWish {
    UUID operation();

    @Override
    default Optional<UUID> id() {
      return Optional.of(operation());
    }
  }

  record Create(UUID sandbox, TaskOwner owner, TaskSpec spec) implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "create", 0);
    }
  }

  record Clone(UUID sandbox, TaskOwner owner, TaskSpec spec) implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "clone", 0);
    }
  }

  record Branch(UUID sandbox, TaskOwner owner, String path, String name) implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "branch", 0);
    }
  }

  /// Runs a line of the runner.
  ///
  /// @param index of the line among those of the runner
  record Run(
      UUID sandbox, TaskOwner owner, String path, int index, Runner.Line line, int timeoutSeconds)
      implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "run", index);
    }
  }

  /// Makes a commit of what was changed.
  ///
  /// @param at its date: the same whoever makes it
  record Commit(UUID sandbox, TaskOwner owner, String path, String message, Instant at)
      implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "commit", 0);
    }

    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Commit[%s]".formatted(sandbox);
    }
  }

  record Push(UUID sandbox, TaskOwner owner, String path) implements Asked {
    @Override
    public UUID operation() {
      return TaskIds.inSandbox(sandbox, "push", 0);
    }
  }

  /// Ends it.
  ///
  /// @param cancelled whether the task was; else it has ended
  record Terminate(UUID sandbox, TaskOwner owner, boolean cancelled) implements SandboxWish {}
}
