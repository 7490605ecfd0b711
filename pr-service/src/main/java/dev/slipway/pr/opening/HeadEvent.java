package dev.slipway.pr.opening;

import java.util.UUID;

/// What happens to a head. None of it is published: what became of the pull request itself is.
sealed interface HeadEvent {
  /// Somebody wants a pull request of it.
  record Asked(UUID operation) implements HeadEvent {}

  /// An operation has ended.
  record Ended(UUID operation) implements HeadEvent {}
}
