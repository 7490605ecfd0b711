package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that is called, behind a circuit breaker: while it seems to be down, callers are told
/// so at once.
final class Target {
  private static final Logger log = LoggerFactory.getLogger(Target.class);
  private static final int CALLS_TO_TRY_AGAIN = 2;

  private final String name;
  private final CircuitBreaker breaker;
  private final Duration pause;
  private final Predicate<Answer> isDown;
  private final Predicate<ProviderUnavailableException> isDownWithout;

  private Target(
      String name,
      E2bProperties properties,
      Clock clock,
      Predicate<Answer> isDown,
      Predicate<ProviderUnavailableException> isDownWithout) {
    this.name = name;
    this.pause = properties.breakerPause();
    this.isDown = isDown;
    this.isDownWithout = isDownWithout;
    this.breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindow(
                    properties.breakerCalls(),
                    properties.breakerCalls(),
                    CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(properties.breakerFailurePercent())
                .waitDurationInOpenState(pause)
                .permittedNumberOfCallsInHalfOpenState(CALLS_TO_TRY_AGAIN)
                .clock(clock)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(event ->
            log.atWarn()
                .addKeyValue("target", name)
                .addKeyValue("state", event.getStateTransition().getToState())
                .log("circuit breaker changed"));
  }

  /// The control plane. It is down when it does not answer or answers with a 5xx; 503 says that
  /// there is no room for a sandbox, which says nothing about the next call.
  static Target controlPlane(E2bProperties properties, Clock clock) {
    return new Target(
        "E2B API",
        properties,
        clock,
        answer -> answer.status() >= 500 && answer.status() != 503,
        _ -> true);
  }

  /// What stands before all sandboxes. It is down only when it takes no connection: whatever else
  /// happens is about one sandbox and must not keep others from theirs.
  static Target sandboxes(E2bProperties properties, Clock clock) {
    return new Target(
        "E2B sandboxes", properties, clock, _ -> false, failure -> !failure.mayHaveHappened());
  }

  /// Whether calls would be refused without being made.
  boolean isClosedToCalls() {
    return breaker.getState() == CircuitBreaker.State.OPEN;
  }

  Answer ask(Call call, Supplier<Answer> exchange) {
    return guarded(call, exchange, isDown);
  }

  <T> T open(Call call, Supplier<T> exchange) {
    return guarded(call, exchange, _ -> false);
  }

  private <T> T guarded(Call call, Supplier<T> exchange, Predicate<T> showsThatItIsDown) {
    if (!breaker.tryAcquirePermission()) {
      throw new ProviderUnavailableException(
          FailureCode.UNAVAILABLE,
          "cannot %s: %s failed too often and is left alone for %s"
              .formatted(call.what(), name, pause),
          false,
          pause,
          null);
    }
    boolean isSettled = false;
    try {
      T result = exchange.get();
      settle(!showsThatItIsDown.test(result));
      isSettled = true;
      return result;
    } catch (ProviderUnavailableException e) {
      // Our own interrupts say nothing about the other side.
      if (!Thread.currentThread().isInterrupted()) {
        settle(!isDownWithout.test(e));
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
      breaker.onError(0, TimeUnit.NANOSECONDS, new IllegalStateException(name + " is down"));
    }
  }
}
