package dev.slipway.pr.task;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.slipway.pipeline.core.BranchPrefix;
import java.time.Duration;

/// What an operator may set of how tasks are decided on.
///
/// @param branchPrefix what the branches of tasks begin with
/// @param attempts how often what may pass by itself is tried
/// @param minBackoff how long after the first failure it is tried again; twice that after the next
/// @param maxBackoff the most of it
record TaskRules(
    BranchPrefix branchPrefix, int attempts, Duration minBackoff, Duration maxBackoff) {
  /// How long to wait after so many tries.
  Duration backoff(int tries) {
    Duration backoff = minBackoff;
    for (int n = 1; n < tries && backoff.compareTo(maxBackoff) < 0; n++) {
      backoff = backoff.multipliedBy(2);
    }
    // as records have it
    return (backoff.compareTo(maxBackoff) < 0 ? backoff : maxBackoff).truncatedTo(MILLIS);
  }
}
