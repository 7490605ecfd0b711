package dev.slipway.web.github;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leaves GitHub alone for a while when it seems to be down: it does not answer, or with 5xx. Any
/// other answer shows that it works.
final class Guarded implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(Guarded.class);
  private static final int CALLS_TO_TRY_AGAIN = 2;

  private final Exchange next;
  private final CircuitBreaker breaker;
  private final Duration pause;

  Guarded(Exchange next, GitHubProperties properties, Clock clock) {
    this.next = next;
    GitHubProperties.Client client = properties.client();
    this.pause = client.breakerPause();
    this.breaker =
        CircuitBreaker.of(
            properties.apiUrl().getHost(),
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    client.breakerCalls(),
                    client.breakerCalls(),
                    CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(client.breakerFailurePercent())
                .waitDurationInOpenState(pause)
                .permittedNumberOfCallsInHalfOpenState(CALLS_TO_TRY_AGAIN)
                .clock(clock)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event ->
            log.atWarn()
                .addKeyValue("target", breaker.getName())
                .addKeyValue("state", event.getStateTransition().getToState())
                .log("circuit breaker changed"));
  }

  @Override
  public Received send(Call call) {
    if (!breaker.tryAcquirePermission()) {
      throw new GitHubException(
          GitHubFailure.passing(
              FailureCode.UNAVAILABLE,
              "%s: GitHub failed too often and is left alone for %s".formatted(call.name(), pause),
              pause));
    }
    boolean isSettled = false;
    try {
      Received answer = next.send(call);
      settle(answer.status() < 500);
      isSettled = true;
      return answer;
    } catch (GitHubException e) {
      // Our own interrupts say nothing about the other side.
      if (!Thread.currentThread().isInterrupted()) {
        settle(e.code() == FailureCode.TOO_LARGE);
        isSettled = true;
      }
      throw e;
    } finally {
      if (!isSettled) {
        breaker.releasePermission();
      }
    }
  }

  private void settle(boolean isUp) {
    if (isUp) {
      breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    } else {
      breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException("GitHub is down"));
    }
  }
}
