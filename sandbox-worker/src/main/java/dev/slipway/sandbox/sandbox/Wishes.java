package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.SandboxStatus.CREATED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.NONE;
import static dev.slipway.sandbox.sandbox.SandboxStatus.PAUSED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.REQUESTED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.RUNNING;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.sandbox.sandbox.SandboxEvent.Linked;
import dev.slipway.sandbox.sandbox.SandboxEvent.OperationRequested;
import dev.slipway.sandbox.sandbox.SandboxEvent.Rejected;
import dev.slipway.sandbox.sandbox.SandboxEvent.Requested;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What follows from wishes for a sandbox and for what is done in it.
final class Wishes {
  static final String NOT_FOUND = "not_found";
  static final String CONFLICT = "conflict";
  static final String ILLEGAL_STATE = "illegal_state";
  static final String VALIDATION_FAILED = "validation_failed";

  /// Of one sandbox at a time: its state is written with each of their events.
  static final int MOST_ACTIVE = 100;

  private Wishes() {}

  static Decision<SandboxEvent> create(SandboxState state, SandboxInput.Create wish) {
    if (state.knows(wish.operation())) {
      return Decision.nothing();
    }
    return state.status() == NONE
        ? Decision.<SandboxEvent>of(new Requested(wish.operation(), wish.spec(), wish.context()))
            .with(new SandboxOperation.CreateSandbox(wish.operation(), wish.spec(), wish.context()))
        : rejected(wish.operation(), CONFLICT, "There is a sandbox with this id.");
  }

  static Decision<SandboxEvent> nameTaken(SandboxState state, UUID operation) {
    return state.knows(operation)
        ? Decision.nothing()
        : rejected(operation, CONFLICT, "Another sandbox has this id or name.");
  }

  static Decision<SandboxEvent> run(SandboxState state, SandboxInput.RunCommand wish) {
    return ask(
        state,
        Set.of(REQUESTED, CREATED, RUNNING),
        wish.operation(),
        wish.command().display(),
        new SandboxOperation.RunCommand(wish.operation(), wish.command()));
  }

  static Decision<SandboxEvent> work(SandboxState state, SandboxOperation.Git wanted) {
    return ask(state, Set.of(REQUESTED, CREATED, RUNNING), wanted.operation(), null, wanted);
  }

  /// Who asks tells of the sandbox's task nothing: what it was made for counts.
  static Decision<SandboxEvent> taskBranch(SandboxState state, SandboxInput.TaskBranch wish) {
    SandboxOperation.Branch wanted = wish.wanted();
    return state.status() == NONE || wish.taskId().equals(state.context().taskId())
        ? work(state, wanted)
        : refused(state, wanted.operation(), "The branch is that of another task.");
  }

  static Decision<SandboxEvent> refused(SandboxState state, UUID operation, String message) {
    return state.knows(operation)
        ? Decision.nothing()
        : rejected(operation, VALIDATION_FAILED, message);
  }

  static Decision<SandboxEvent> pause(SandboxState state, SandboxInput.Pause wish) {
    return ask(
        state,
        Set.of(CREATED, RUNNING),
        wish.operation(),
        null,
        new SandboxOperation.Pause(wish.operation()));
  }

  static Decision<SandboxEvent> resume(SandboxState state, SandboxInput.Resume wish) {
    return ask(
        state,
        Set.of(PAUSED),
        wish.operation(),
        null,
        new SandboxOperation.Resume(wish.operation()));
  }

  static Decision<SandboxEvent> reset(SandboxState state, SandboxInput.Reset wish) {
    return ask(
        state,
        Set.of(CREATED, RUNNING),
        wish.operation(),
        null,
        new SandboxOperation.Reset(wish.operation()));
  }

  static Decision<SandboxEvent> extend(SandboxState state, SandboxInput.Extend wish) {
    return ask(
        state,
        Set.of(CREATED, RUNNING, PAUSED),
        wish.operation(),
        null,
        new SandboxOperation.Extend(wish.operation(), wish.timeout()));
  }

  /// Also when it has ended: what it pushed is still there.
  static Decision<SandboxEvent> link(SandboxState state, SandboxInput.Link wish) {
    if (state.knows(wish.request()) || wish.pullRequest().equals(state.pullRequest())) {
      return Decision.nothing();
    }
    if (state.status() == NONE) {
      return rejected(wish.request(), NOT_FOUND, "There is no such sandbox.");
    }
    return state.pullRequest() == null
        ? Decision.of(new Linked(wish.pullRequest()))
        : rejected(wish.request(), CONFLICT, "The sandbox has another pull request.");
  }

  private static Decision<SandboxEvent> ask(
      SandboxState state,
      Set<SandboxStatus> possible,
      UUID operation,
      @Nullable String command,
      SandboxOperation wanted) {
    if (state.knows(operation)) {
      return Decision.nothing();
    }
    if (state.status() == NONE) {
      return rejected(operation, NOT_FOUND, "There is no such sandbox.");
    }
    if (!possible.contains(state.status())) {
      return rejected(
          operation,
          ILLEGAL_STATE,
          "The sandbox is %s: %s is not possible."
              .formatted(state.status(), wanted.kind().wireName()));
    }
    if (state.active().size() >= MOST_ACTIVE) {
      return rejected(
          operation,
          ILLEGAL_STATE,
          "The sandbox has %d operations that have not ended: wait for them."
              .formatted(MOST_ACTIVE));
    }
    return Decision.<SandboxEvent>of(new OperationRequested(operation, wanted.kind(), command))
        .with(wanted);
  }

  static Decision<SandboxEvent> rejected(UUID operation, String code, String message) {
    return Decision.rejected(new Rejected(operation, code, message));
  }
}
