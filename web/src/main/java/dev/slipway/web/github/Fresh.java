package dev.slipway.web.github;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes a call that is refused to a token of a moment ago again after a short while: a part of
/// GitHub may not know the token yet, or not what it opens.
final class Fresh implements Exchange {
  static final List<Duration> PAUSES =
      List.of(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));

  private static final Set<Integer> REFUSALS = Set.of(401, 403, 404);

  private final Exchange next;
  private final Clock clock;
  private final List<Duration> pauses;

  /// @param pauses one before each time that it is tried again
  Fresh(Exchange next, Clock clock, List<Duration> pauses) {
    this.next = next;
    this.clock = clock;
    this.pauses = List.copyOf(pauses);
  }

  @Override
  public Received send(Call call) {
    Received answer = next.send(call);
    for (Duration pause : pauses) {
      if (!isDoubtful(answer)) {
        return answer;
      }
      rest(call, pause);
      answer = next.send(call);
    }
    return answer;
  }

  private boolean isDoubtful(Received answer) {
    return REFUSALS.contains(answer.status())
        && answer.asked().isFresh(clock.instant())
        && Limits.wait(answer).isEmpty();
  }

  private static void rest(Call call, Duration pause) {
    try {
      boolean _ = new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      // what was refused was not done
      throw new GitHubException(
          GitHubFailure.passing(
              FailureCode.UNAVAILABLE, call.name() + ": interrupted", Duration.ZERO));
    }
  }
}
