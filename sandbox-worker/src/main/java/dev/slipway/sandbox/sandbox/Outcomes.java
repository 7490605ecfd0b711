package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.SandboxStatus.PAUSED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.REQUESTED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.RUNNING;
import static dev.slipway.sandbox.sandbox.SandboxStatus.TERMINATING;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.sandbox.sandbox.SandboxEvent.CommandCompleted;
import dev.slipway.sandbox.sandbox.SandboxEvent.CommandStarted;
import dev.slipway.sandbox.sandbox.SandboxEvent.Condemned;
import dev.slipway.sandbox.sandbox.SandboxEvent.GitDone;
import dev.slipway.sandbox.sandbox.SandboxEvent.GitFailed;
import dev.slipway.sandbox.sandbox.SandboxEvent.OperationEnded;
import dev.slipway.sandbox.sandbox.SandboxEvent.Terminated;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.ActiveOperation;
import dev.slipway.sandbox.sandbox.SandboxState.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What follows from outcomes of operations.
final class Outcomes {
  private static final SandboxFailure CONDEMNED =
      new SandboxFailure(
          "unavailable",
          "It took so long to make the sandbox that it was given up: ask for another.",
          true);

  private Outcomes() {}

  static Decision<SandboxEvent> created(SandboxState state, SandboxInput.Created outcome) {
    String externalId = outcome.externalId();
    if (state.isAt(externalId)) {
      return Decision.nothing();
    }
    if (state.condemned().contains(externalId)) {
      // whoever condemned it ends it
      return state.status() == REQUESTED
          ? Decision.of(new SandboxEvent.Failed(CONDEMNED))
          : Decision.nothing();
    }
    var made = new SandboxEvent.Created(new Place(outcome.provider(), externalId));
    if (state.status() == REQUESTED) {
      return Decision.of(List.of(made, new SandboxEvent.Running()));
    }
    // its end was wished for before it was made, or there is another one in its place
    SandboxEvent fact =
        state.status() == TERMINATING && state.place() == null ? made : new Condemned(externalId);
    return Decision.of(fact).with(new SandboxOperation.Terminate(externalId));
  }

  static Decision<SandboxEvent> creationCancelled(SandboxState state, UUID operation) {
    return isActive(state, operation, Kind.CREATE_SANDBOX)
        ? Decision.of(Endings.hasEnded(state))
        : Decision.nothing();
  }

  static Decision<SandboxEvent> commandBegan(
      SandboxState state, SandboxInput.CommandBegan outcome) {
    ActiveOperation active = state.active().get(outcome.operation());
    return active == null || active.kind() != Kind.RUN_COMMAND || active.begun()
        ? Decision.nothing()
        : Decision.of(new CommandStarted(outcome.operation(), outcome.command()));
  }

  static Decision<SandboxEvent> commandEnded(
      SandboxState state, SandboxInput.CommandEnded outcome) {
    if (!isActive(state, outcome.operation(), Kind.RUN_COMMAND)) {
      return Decision.nothing();
    }
    return ended(
        state,
        new CommandCompleted(
            outcome.operation(), outcome.result(), outcome.failure(), outcome.cancelled()),
        outcome.failure());
  }

  static Decision<SandboxEvent> worked(SandboxState state, SandboxInput.Worked outcome) {
    ActiveOperation active = state.active().get(outcome.operation());
    return active == null || !active.kind().isGit()
        ? Decision.nothing()
        : Decision.of(new GitDone(outcome.operation(), outcome.result()));
  }

  static Decision<SandboxEvent> paused(SandboxState state, UUID operation) {
    return done(
        state, operation, Kind.PAUSE, state.status() == RUNNING ? new SandboxEvent.Paused() : null);
  }

  static Decision<SandboxEvent> resumed(SandboxState state, UUID operation) {
    return done(
        state,
        operation,
        Kind.RESUME,
        state.status() == PAUSED ? new SandboxEvent.Resumed() : null);
  }

  /// The one that it was goes, or the one in its place when it is no longer wanted.
  static Decision<SandboxEvent> wasReset(SandboxState state, SandboxInput.WasReset outcome) {
    if (state.condemned().contains(outcome.externalId())) {
      // whoever condemned it ends it
      return failed(state, new SandboxInput.OperationFailed(outcome.operation(), CONDEMNED));
    }
    String before = state.externalId();
    boolean isWanted = state.status().isAlive() && before != null;
    var place = new Place(outcome.provider(), outcome.externalId());
    Decision<SandboxEvent> done =
        done(
            state,
            outcome.operation(),
            Kind.RESET,
            isWanted ? new SandboxEvent.WasReset(place) : null);
    return done.isNothing()
        ? done
        : done.with(
            new SandboxOperation.Terminate(
                isWanted && before != null ? before : outcome.externalId()));
  }

  static Decision<SandboxEvent> extended(SandboxState state, SandboxInput.Extended outcome) {
    return done(
        state,
        outcome.operation(),
        Kind.EXTEND,
        state.status().isAlive() ? new SandboxEvent.Extended(outcome.timeout()) : null);
  }

  private static Decision<SandboxEvent> done(
      SandboxState state, UUID operation, Kind kind, @Nullable SandboxEvent fact) {
    if (!isActive(state, operation, kind)) {
      return Decision.nothing();
    }
    var end = new OperationEnded(operation, kind, null, false);
    return Decision.of(fact == null ? List.of(end) : List.of(fact, end));
  }

  static Decision<SandboxEvent> cancelled(SandboxState state, UUID operation) {
    ActiveOperation active = state.active().get(operation);
    if (active == null) {
      return Decision.nothing();
    }
    return switch (active.kind()) {
      case CREATE_SANDBOX -> creationCancelled(state, operation);
      case RUN_COMMAND -> Decision.of(new CommandCompleted(operation, null, null, true));
      case PAUSE, RESUME, RESET, EXTEND, TERMINATE, CLONE, BRANCH, COMMIT, PUSH ->
          Decision.of(new OperationEnded(operation, active.kind(), null, true));
    };
  }

  static Decision<SandboxEvent> failed(SandboxState state, SandboxInput.OperationFailed outcome) {
    UUID operation = outcome.operation();
    SandboxFailure failure = outcome.failure();
    ActiveOperation active = state.active().get(operation);
    if (active == null) {
      return Decision.nothing();
    }
    return switch (active.kind()) {
      case CREATE_SANDBOX ->
          Decision.of(
              state.status() == REQUESTED
                  ? new SandboxEvent.Failed(failure)
                  : Endings.hasEnded(state));
      case RUN_COMMAND ->
          ended(state, new CommandCompleted(operation, null, failure, false), failure);
      case PAUSE, RESUME, RESET, EXTEND, TERMINATE ->
          ended(state, new OperationEnded(operation, active.kind(), failure, false), failure);
      case CLONE, BRANCH, COMMIT, PUSH ->
          ended(state, new GitFailed(operation, active.kind(), failure), failure);
    };
  }

  /// Who finds the sandbox gone tells of its end too.
  private static Decision<SandboxEvent> ended(
      SandboxState state, SandboxEvent end, @Nullable SandboxFailure failure) {
    var events = new ArrayList<>(List.of(end));
    if (failure != null
        && failure.code().equals(SandboxFailure.SANDBOX_LOST)
        && state.status().isAlive()) {
      events.add(new Terminated(KillReason.PROVIDER_GONE));
    }
    return Decision.of(events);
  }

  private static boolean isActive(SandboxState state, UUID operation, Kind kind) {
    ActiveOperation active = state.active().get(operation);
    return active != null && active.kind() == kind;
  }
}
