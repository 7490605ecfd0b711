package dev.slipway.web.github;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes no call for whom GitHub has told to wait, until the wait is over: to go on regardless may
/// get the App or the user banned.
final class Limited implements Exchange {
  private final Exchange next;
  private final Clock clock;
  private final Map<String, Instant> until = new ConcurrentHashMap<>();

  Limited(Exchange next, Clock clock) {
    this.next = next;
    this.clock = clock;
  }

  @Override
  public Received send(Call call) {
    String caller = call.as().name();
    Instant end = until.get(caller);
    if (end != null) {
      Duration left = Duration.between(clock.instant(), end);
      if (left.isPositive()) {
        throw new GitHubException(
            GitHubFailure.passing(
                FailureCode.RATE_LIMITED,
                "%s as %s: GitHub wants no calls for %d s"
                    .formatted(call.name(), caller, left.toSeconds() + 1),
                left));
      }
      boolean _ = until.remove(caller, end);
    }
    Received answer = next.send(call);
    Limits.wait(answer)
        .ifPresent(wait -> until.merge(caller, clock.instant().plus(wait), Limited::later));
    return answer;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
