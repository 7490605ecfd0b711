package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.observation.Observation;
import java.util.UUID;

/// | an operation | input | answer |
/// |---|---|---|
/// | unknown | open | asked for, unless too many wait for the head |
/// | active | open | nothing |
/// | active | cancel | no longer wanted |
/// | active | opened | ended, and what GitHub answered goes to `github.deliveries` |
/// | active | ended | ended |
/// | ended or unknown | cancel | rejected |
/// | ended or unknown | opened, ended | nothing |
final class HeadDecider implements Decider<HeadState, HeadInput, HeadEvent> {
  /// Of one head at a time: its state is written with each of them.
  static final int MOST_ACTIVE = 100;

  @Override
  public HeadState initial() {
    return HeadState.UNKNOWN;
  }

  @Override
  public Decision<HeadEvent> decide(HeadState state, HeadInput input) {
    return switch (input) {
      case HeadInput.Open(var operation, var wish) -> open(state, operation, wish);
      case HeadInput.Cancel(var operation) ->
          state.active().contains(operation)
              ? Decision.<HeadEvent>nothing().cancelling(operation)
              : Decision.rejection();
      case HeadInput.Opened opened -> opened(state, opened);
      case HeadInput.Ended(var operation) ->
          state.active().contains(operation)
              ? Decision.of(new HeadEvent.Ended(operation))
              : Decision.nothing();
    };
  }

  private static Decision<HeadEvent> open(HeadState state, UUID operation, Wish wish) {
    if (state.active().contains(operation)) {
      return Decision.nothing();
    }
    return state.active().size() >= MOST_ACTIVE
        ? Decision.rejection()
        : Decision.<HeadEvent>of(new HeadEvent.Asked(operation))
            .with(new OpenPullRequest(operation, wish));
  }

  private static Decision<HeadEvent> opened(HeadState state, HeadInput.Opened opened) {
    if (!state.active().contains(opened.operation())) {
      return Decision.nothing();
    }
    Decision<HeadEvent> decision = Decision.of(new HeadEvent.Ended(opened.operation()));
    for (Observation answer : opened.answers()) {
      decision = decision.with(answer);
    }
    return decision;
  }

  @Override
  public HeadState evolve(HeadState state, Numbered<HeadEvent> event) {
    return switch (event.event()) {
      case HeadEvent.Asked(var operation) -> state.asked(operation);
      case HeadEvent.Ended(var operation) -> state.ended(operation);
    };
  }
}
