package dev.slipway.sandbox.sandbox;

import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.ActiveOperation;
import dev.slipway.sandbox.sandbox.SandboxState.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What events make of a sandbox: total and without checks.
final class SandboxFold {
  /// What is forgotten beyond, the inbox still knows.
  private static final int MOST_SETTLED = 100;

  private SandboxFold() {}

  /// @param at when the event happened
  static SandboxState evolve(SandboxState state, SandboxEvent event, Instant at) {
    Times times = state.times();
    return switch (event) {
      case SandboxEvent.Requested requested -> requested(state, requested, at);
      case SandboxEvent.Created(var place) -> {
        SandboxState made = settled(state, state.creation()).at(place);
        yield made.status() == SandboxStatus.REQUESTED ? made.is(SandboxStatus.CREATED) : made;
      }
      case SandboxEvent.Running _ ->
          state
              .is(SandboxStatus.RUNNING)
              .with(
                  new Times(
                      times.requestedAt(),
                      at,
                      null,
                      null,
                      state.spec() == null ? null : at.plus(state.spec().timeout())));
      case SandboxEvent.Paused _ -> state.is(SandboxStatus.PAUSED).with(times.paused(at));
      case SandboxEvent.Resumed _ -> state.is(SandboxStatus.RUNNING).with(times.paused(null));
      // what was in the one before is gone
      case SandboxEvent.WasReset(var place) -> state.at(place).holding(Map.of());
      case SandboxEvent.Extended(var timeout) ->
          state.with(times.expiring(later(times.expiresAt(), at, timeout)));
      case SandboxEvent.Terminating(var reason) ->
          state.is(SandboxStatus.TERMINATING).because(reason, null);
      case SandboxEvent.Terminated(var reason) ->
          settled(state, state.creation())
              .is(SandboxStatus.TERMINATED)
              .because(reason, null)
              .with(times.ended(at));
      case SandboxEvent.Failed(var failure) ->
          settled(state, state.creation())
              .is(SandboxStatus.FAILED)
              .because(KillReason.START_FAILED, failure)
              .with(times.ended(at));
      case SandboxEvent.Condemned(var externalId) -> state.condemning(externalId);
      case SandboxEvent.Rejected(var operation, _, _) -> settled(state, operation);
      case SandboxEvent.OperationRequested(var operation, var kind, var command) ->
          active(state, operation, new ActiveOperation(kind, command, false));
      case SandboxEvent.OperationEnded ended -> settled(state, ended.operation());
      case SandboxEvent.CommandStarted(var operation, var command) ->
          active(state, operation, new ActiveOperation(Kind.RUN_COMMAND, command, true));
      case SandboxEvent.CommandCompleted completed -> settled(state, completed.operation());
      case SandboxEvent.GitDone(var operation, var result) ->
          settled(state, operation).holding(checkouts(state.checkouts(), result));
      case SandboxEvent.Linked(var pullRequest) -> state.linked(pullRequest);
      case SandboxEvent.GitFailed failed -> settled(state, failed.operation());
    };
  }

  private static SandboxState requested(
      SandboxState state, SandboxEvent.Requested event, Instant at) {
    return active(state, event.operation(), new ActiveOperation(Kind.CREATE_SANDBOX, null, false))
        .asked(event.operation(), event.spec(), event.context())
        .with(new Times(at, null, null, null, null));
  }

  private static Map<String, GitCheckout> checkouts(
      Map<String, GitCheckout> before, GitResult result) {
    GitCheckout checkout = before.get(result.path());
    var all = new LinkedHashMap<>(before);
    switch (result) {
      case GitResult.Cloned cloned -> all.put(cloned.path(), GitCheckout.of(cloned));
      case GitResult.BranchCreated(var path, var branch, _) when checkout != null ->
          all.put(path, checkout.on(branch));
      case GitResult.Committed(var path, var commit, _, _) when checkout != null ->
          all.put(path, checkout.and(commit));
      case GitResult.Pushed(var path, _, var sha) when checkout != null ->
          all.put(path, checkout.pushed(sha));
      case GitResult.BranchCreated _, GitResult.Committed _, GitResult.Pushed _ -> {
        // it was reset meanwhile
      }
    }
    return all;
  }

  private static Instant later(@Nullable Instant expiresAt, Instant at, Duration timeout) {
    Instant asked = at.plus(timeout);
    return expiresAt == null || asked.isAfter(expiresAt) ? asked : expiresAt;
  }

  private static SandboxState active(SandboxState state, UUID operation, ActiveOperation active) {
    var all = new LinkedHashMap<>(state.active());
    all.put(operation, active);
    return state.doing(all, state.settled());
  }

  private static SandboxState settled(SandboxState state, @Nullable UUID operation) {
    if (operation == null || state.settled().contains(operation)) {
      return state;
    }
    var active = new LinkedHashMap<>(state.active());
    active.remove(operation);
    List<UUID> settled = new ArrayList<>(state.settled());
    settled.add(operation);
    return state.doing(
        active, settled.subList(Math.max(0, settled.size() - MOST_SETTLED), settled.size()));
  }
}
