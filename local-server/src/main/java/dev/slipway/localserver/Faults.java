package dev.slipway.localserver;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The faults a server has been asked for.
final class Faults {
  private volatile List<Armed> rules = List.of();

  /// A rule and how often it is still to be followed.
  static final class Armed {
    private final FaultRule rule;
    private final AtomicInteger left;

    /// The request that waits to be overtaken.
    private final AtomicReference<@Nullable CountDownLatch> waiting = new AtomicReference<>();

    private Armed(FaultRule rule) {
      this.rule = rule;
      left = new AtomicInteger(rule.times());
    }

    FaultRule rule() {
      return rule;
    }

    private boolean take() {
      return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    void awaitDelay() throws InterruptedException {
      var _ = new CountDownLatch(1).await(rule.delay().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Lets a later request pass first, if one comes in time.
    void awaitOvertaken() throws InterruptedException {
      CountDownLatch overtaken = new CountDownLatch(1);
      waiting.set(overtaken);
      try {
        var _ = overtaken.await(rule.delay().toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        waiting.compareAndSet(overtaken, null);
      }
    }
  }

  void replace(List<FaultRule> with) {
    rules = with.stream().map(Armed::new).toList();
  }

  /// The fault of a request, which counts as one of its times.
  Optional<Armed> take(String method, String path) {
    for (Armed armed : rules) {
      if (armed.rule.fits(method, path) && armed.take()) {
        return Optional.of(armed);
      }
    }
    return Optional.empty();
  }

  /// Says that a request has been answered: one that waits to be overtaken by it may go on.
  void answered(String method, String path) {
    for (Armed armed : rules) {
      CountDownLatch overtaken = armed.waiting.get();
      if (overtaken != null && armed.rule.fits(method, path)) {
        overtaken.countDown();
      }
    }
  }
}
