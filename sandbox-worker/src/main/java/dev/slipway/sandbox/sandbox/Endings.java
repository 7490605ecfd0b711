package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.SandboxStatus.NONE;
import static dev.slipway.sandbox.sandbox.SandboxStatus.REQUESTED;
import static dev.slipway.sandbox.sandbox.SandboxStatus.TERMINATING;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.sandbox.sandbox.SandboxEvent.Condemned;
import dev.slipway.sandbox.sandbox.SandboxEvent.Terminated;
import dev.slipway.sandbox.sandbox.SandboxEvent.Terminating;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.ActiveOperation;
import java.time.Instant;
import java.util.UUID;

/// What follows when a sandbox, or an operation of it, is to end or has ended.
final class Endings {
  /// More of them for one sandbox are a fault: each came of a worker that made one and was not
  /// heard of any more.
  static final int MOST_CONDEMNED = 100;

  private Endings() {}

  static Decision<SandboxEvent> terminate(SandboxState state, SandboxInput.Terminate wish) {
    if (state.knows(wish.request())) {
      return Decision.nothing();
    }
    return state.status() == NONE
        ? Wishes.rejected(wish.request(), Wishes.NOT_FOUND, "There is no such sandbox.")
        : end(state, wish.reason());
  }

  /// Commands that run are not cancelled: their workers find the sandbox gone.
  private static Decision<SandboxEvent> end(SandboxState state, KillReason reason) {
    UUID creation = state.creation();
    String externalId = state.externalId();
    if (state.status() == REQUESTED && creation != null) {
      return Decision.<SandboxEvent>of(new Terminating(reason)).cancelling(creation);
    }
    return state.status().isAlive() && externalId != null
        ? Decision.<SandboxEvent>of(new Terminating(reason))
            .with(new SandboxOperation.Terminate(externalId))
        : Decision.nothing();
  }

  /// To cancel the creation is to end the sandbox.
  static Decision<SandboxEvent> cancel(SandboxState state, SandboxInput.Cancel wish) {
    ActiveOperation active = state.active().get(wish.operation());
    if (active != null) {
      return active.kind() == Kind.CREATE_SANDBOX
          ? end(state, KillReason.REQUESTED)
          : Decision.<SandboxEvent>nothing().cancelling(wish.operation());
    }
    if (state.knows(wish.request())) {
      return Decision.nothing();
    }
    if (state.knows(wish.operation())) {
      return Decision.rejection(); // it has ended, as an event says
    }
    return state.status() == NONE
        ? Wishes.rejected(wish.request(), Wishes.NOT_FOUND, "There is no such sandbox.")
        : Wishes.rejected(
            wish.request(),
            Wishes.ILLEGAL_STATE,
            "The sandbox has no such operation that has not ended.");
  }

  /// INVARIANT: what is condemned never becomes the sandbox, and what is the sandbox is never
  /// condemned as long as it is wanted.
  static Decision<SandboxEvent> condemn(SandboxState state, String externalId) {
    boolean isWanted = state.isAt(externalId) && !state.status().isOver();
    if (isWanted || state.condemned().size() >= MOST_CONDEMNED) {
      return Decision.rejection();
    }
    return state.status() == NONE || state.condemned().contains(externalId)
        ? Decision.nothing()
        : Decision.of(new Condemned(externalId));
  }

  static Decision<SandboxEvent> gone(SandboxState state, String externalId) {
    if (!state.isAt(externalId)) {
      return Decision.nothing();
    }
    return state.status().isAlive()
        ? Decision.of(new Terminated(KillReason.PROVIDER_GONE))
        : terminated(state, externalId);
  }

  static Decision<SandboxEvent> expired(SandboxState state, Instant at) {
    Instant expiresAt = state.times().expiresAt();
    return state.status().isAlive() && expiresAt != null && !at.isBefore(expiresAt)
        ? end(state, KillReason.EXPIRED)
        : Decision.nothing();
  }

  static Decision<SandboxEvent> terminated(SandboxState state, String externalId) {
    return state.status() == TERMINATING && state.isAt(externalId)
        ? Decision.of(hasEnded(state))
        : Decision.nothing();
  }

  /// For the reason that it is being ended for.
  static Terminated hasEnded(SandboxState state) {
    KillReason reason = state.killReason();
    return new Terminated(reason == null ? KillReason.REQUESTED : reason);
  }
}
