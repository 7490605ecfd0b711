package dev.slipway.pr.opening;

import dev.slipway.pr.observation.Observation;
import java.util.List;
import java.util.UUID;

/// What a head can be told.
sealed interface HeadInput {
  /// Somebody wants a pull request of it.
  record Open(UUID operation, Wish wish) implements HeadInput {}

  /// An operation is no longer wanted.
  record Cancel(UUID operation) implements HeadInput {}

  /// It has one.
  ///
  /// @param answers of GitHub that tell of pull requests, in the order in which they were read
  record Opened(UUID operation, List<Observation> answers) implements HeadInput {
    public Opened {
      answers = List.copyOf(answers);
    }
  }

  /// An operation came to nothing.
  record Ended(UUID operation) implements HeadInput {}
}
