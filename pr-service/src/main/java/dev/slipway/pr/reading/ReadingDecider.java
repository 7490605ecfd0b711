package dev.slipway.pr.reading;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.reading.ReadingEvent.Asked;
import dev.slipway.pr.reading.ReadingEvent.Ended;
import dev.slipway.pr.reading.ReadingInput.Ambiguous;
import dev.slipway.pr.reading.ReadingInput.NotRead;
import dev.slipway.pr.reading.ReadingInput.WasRead;
import java.time.Instant;

/// | reading | input | answer |
/// |---|---|---|
/// | none, or the last one long enough ago | ambiguous | asked, and the operation |
/// | under way, or just ended | ambiguous | nothing: one reading is for all who ask |
/// | under way | was read | ended, and the answer to `github.deliveries` |
/// | under way | not read | ended |
/// | not under way | was read, not read | nothing |
final class ReadingDecider implements Decider<ReadingState, ReadingInput, ReadingEvent> {
  @Override
  public ReadingState initial() {
    return ReadingState.NONE;
  }

  @Override
  public Decision<ReadingEvent> decide(ReadingState state, ReadingInput input) {
    return switch (input) {
      case Ambiguous(var wanted, var at) ->
          isDue(state, at)
              ? Decision.<ReadingEvent>of(new Asked(state.nextAttempt(at))).with(wanted)
              : Decision.nothing();
      case WasRead(var observation) ->
          state.underWay()
              ? Decision.<ReadingEvent>of(new Ended(observation.receivedAt())).with(observation)
              : Decision.nothing();
      case NotRead(var at) -> state.underWay() ? Decision.of(new Ended(at)) : Decision.nothing();
    };
  }

  private static boolean isDue(ReadingState state, Instant at) {
    Instant dueAt = state.dueAt();
    return !state.underWay() && (dueAt == null || !at.isBefore(dueAt));
  }

  @Override
  public ReadingState evolve(ReadingState state, Numbered<ReadingEvent> event) {
    return switch (event.event()) {
      case Asked(var attempt) -> new ReadingState(attempt, null);
      case Ended(var at) -> new ReadingState(state.attempt(), at);
    };
  }
}
