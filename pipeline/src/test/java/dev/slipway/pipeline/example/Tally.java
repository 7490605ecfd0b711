package dev.slipway.pipeline.example;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;

/// Counts up to a limit.
record Tally(long total) {
  /// What it can be told.
  sealed interface Told {
    record Count(long more) implements Told {}
  }

  /// What it is the fold of.
  sealed interface Happened {
    record Counted(long more) implements Happened {}

    record Refused(long more) implements Happened {}
  }

  static final class TallyDecider implements Decider<Tally, Told, Happened> {
    private static final long LIMIT = 1_000;

    @Override
    public Tally initial() {
      return new Tally(0);
    }

    @Override
    public Decision<Happened> decide(Tally tally, Told told) {
      return switch (told) {
        case Told.Count(var more) when tally.total() + more > LIMIT ->
            Decision.rejected(new Happened.Refused(more));
        case Told.Count(var more) -> Decision.of(new Happened.Counted(more));
      };
    }

    @Override
    public Tally evolve(Tally tally, Numbered<Happened> event) {
      return switch (event.event()) {
        case Happened.Counted(var more) -> new Tally(tally.total() + more);
        case Happened.Refused _ -> tally;
      };
    }
  }
}
