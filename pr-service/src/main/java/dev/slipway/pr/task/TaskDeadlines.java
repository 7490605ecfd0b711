package dev.slipway.pr.task;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What tasks wait for: every state that is not the last has an end. Pure.
///
/// @param todo how long one waits for somebody who begins with it
/// @param review how long nothing is heard of a pull request before it is read
record TaskDeadlines(Duration todo, Duration review) {
  static final String TODO = "todo";
  static final String BUDGET = "budget";
  static final String RETRY = "retry";
  static final String REVIEW = "review";

  Map<String, Instant> of(TaskState state) {
    var all = new HashMap<String, Instant>();
    TaskState.Times times = state.times();
    switch (state.status()) {
      case TODO -> put(all, TODO, times.createdAt(), todo);
      case IN_PROGRESS -> {
        put(
            all,
            BUDGET,
            times.budgetAt(),
            Duration.ofSeconds(state.requireSpec().timeoutSeconds()));
        put(all, RETRY, state.attempt().retryAt(), Duration.ZERO);
      }
      case IN_REVIEW -> put(all, REVIEW, times.reviewedAt(), review);
      case NONE, DONE, FAILED, CANCELLED, CLOSED -> {
        // they end by themselves no more
      }
    }
    return all;
  }

  private static void put(
      Map<String, Instant> all, String name, @Nullable Instant from, Duration after) {
    if (from != null) {
      all.put(name, from.plus(after));
    }
  }
}
