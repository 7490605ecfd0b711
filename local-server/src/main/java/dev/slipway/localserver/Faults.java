package dev.slipway.localserver;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The faults a server has been asked for.
final class Faults {
  private volatile List<Armed> rules = List.of();

  /// A rule and how often it is still to be followed.
  private static final class Armed {
    private final FaultRule rule;
    private final AtomicInteger left;

    /// Of the requests that wait to be overtaken.
    private final Set<CountDownLatch> waiting = ConcurrentHashMap.newKeySet();

    private Armed(FaultRule rule) {
      this.rule = rule;
      left = new AtomicInteger(rule.times());
    }

    private Optional<Fault> take() {
      // before it counts as taken: whoever finds none left is seen by it when he is answered
      CountDownLatch overtaken = new CountDownLatch(1);
      waiting.add(overtaken);
      if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        return Optional.of(new Fault(this, overtaken));
      }
      waiting.remove(overtaken);
      return Optional.empty();
    }
  }

  /// A fault of one request.
  static final class Fault {
    private final Armed armed;
    private final CountDownLatch overtaken;

    private Fault(Armed armed, CountDownLatch overtaken) {
      this.armed = armed;
      this.overtaken = overtaken;
    }

    FaultRule rule() {
      return armed.rule;
    }

    void awaitDelay() throws InterruptedException {
      var _ = new CountDownLatch(1).await(rule().delay().toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Lets a later request pass first, if one comes in time.
    void awaitOvertaken() throws InterruptedException {
      var _ = overtaken.await(rule().delay().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  void replace(List<FaultRule> with) {
    rules = with.stream().map(Armed::new).toList();
  }

  /// The fault of a request, which counts as one of its times.
  Optional<Fault> take(String method, String path) {
    return rules.stream()
        .filter(armed -> armed.rule.fits(method, path))
        .flatMap(armed -> armed.take().stream())
        .findFirst();
  }

  /// Says that a request has been answered: those that wait to be overtaken by it may go on.
  ///
  /// @param fault its own
  void answered(String method, String path, @Nullable Fault fault) {
    if (fault != null) {
      fault.armed.waiting.remove(fault.overtaken);
    }
    rules.stream()
        .filter(armed -> armed.rule.fits(method, path))
        .flatMap(armed -> armed.waiting.stream())
        .forEach(CountDownLatch::countDown);
  }
}
