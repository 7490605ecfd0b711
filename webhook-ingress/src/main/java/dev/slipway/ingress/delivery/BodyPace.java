package dev.slipway.ingress.delivery;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Cuts off bodies that take too long. One sweep looks at all of them, so that the many small ones,
/// which are over before it comes, cost no timer each.
final class BodyPace {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration DROPPING = Duration.ofSeconds(2);

  private final long timeoutNanos;
  private final long slowestBytesPerSecond;
  private final LongSupplier nanoClock;
  private final Set<Watched> bodies = ConcurrentHashMap.newKeySet();

  /// A body that is being received; closed when it has come.
  final class Watched implements AutoCloseable {
    private final BodyReceiver receiver;
    private final long startNanos = nanoClock.getAsLong();
    private final long timeoutNanos;
    private final Runnable cut;

    private Watched(BodyReceiver receiver, long timeoutNanos, Runnable cut) {
      this.receiver = receiver;
      this.timeoutNanos = timeoutNanos;
      this.cut = cut;
    }

    @Override
    public void close() {
      bodies.remove(this);
    }
  }

  BodyPace(Duration timeout, long slowestBytesPerSecond, LongSupplier nanoClock) {
    this.timeoutNanos = timeout.toNanos();
    this.slowestBytesPerSecond = slowestBytesPerSecond;
    this.nanoClock = nanoClock;
  }

  /// Watches a body until it has come.
  ///
  /// @param cut called, on another thread, when it comes too slowly; two seconds are enough for
  ///   what is dropped
  Watched watch(BodyReceiver receiver, Runnable cut) {
    long timeout = receiver.isKeeping() ? timeoutNanos : DROPPING.toNanos();
    var watched = new Watched(receiver, timeout, cut);
    bodies.add(watched);
    return watched;
  }

  /// Looks at every body that is being received now. To be called about each second.
  void sweep() {
    long now = nanoClock.getAsLong();
    for (Watched watched : bodies) {
      long nanos = now - watched.startNanos;
      if (nanos > watched.timeoutNanos || tooSlow(watched.receiver, nanos)) {
        watched.close();
        watched.cut.run();
      }
    }
  }

  private boolean tooSlow(BodyReceiver receiver, long nanos) {
    return receiver.large()
        && nanos > GRACE.toNanos()
        && receiver.length() < slowestBytesPerSecond * (nanos / 1_000_000_000.0);
  }
}
