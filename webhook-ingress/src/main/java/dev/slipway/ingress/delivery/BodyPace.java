package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/// Cuts off bodies that take too long. One sweep looks at all of them, so that the many small ones,
/// which are over before it comes, cost no timer each.
final class BodyPace {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final Duration DROPPING = Duration.ofSeconds(2);

  private final long timeoutNanos;
  private final long slowestBytesPerSecond;
  private final LongSupplier nanoClock;
  private final Set<Watched> bodies = ConcurrentHashMap.newKeySet();

  private record Watched(
      BodyReceiver receiver,
      long startNanos,
      long timeoutNanos,
      ApiException reason,
      Sinks.Empty<Void> cut) {}

  BodyPace(Duration timeout, long slowestBytesPerSecond, LongSupplier nanoClock) {
    this.timeoutNanos = timeout.toNanos();
    this.slowestBytesPerSecond = slowestBytesPerSecond;
    this.nanoClock = nanoClock;
  }

  /// `reading`, which fails with 400 when its body comes too slowly.
  Mono<Void> watch(BodyReceiver receiver, Mono<Void> reading) {
    return watch(receiver, reading, timeoutNanos, Refusals.tooSlow());
  }

  /// `dropping`, which fails with the refusal itself when it takes more than two seconds.
  Mono<Void> watchDropped(BodyReceiver receiver, Mono<Void> dropping, ApiException refusal) {
    return watch(receiver, dropping, DROPPING.toNanos(), refusal);
  }

  private Mono<Void> watch(
      BodyReceiver receiver, Mono<Void> reading, long timeoutNanos, ApiException reason) {
    return Mono.defer(() -> {
      var watched =
          new Watched(receiver, nanoClock.getAsLong(), timeoutNanos, reason, Sinks.empty());
      bodies.add(watched);
      return reading.or(watched.cut().asMono()).doFinally(_ -> bodies.remove(watched));
    });
  }

  /// Looks at every body that is being received now. To be called about each second.
  void sweep() {
    long now = nanoClock.getAsLong();
    for (Watched watched : bodies) {
      long nanos = now - watched.startNanos();
      if (nanos > watched.timeoutNanos() || tooSlow(watched.receiver(), nanos)) {
        watched.receiver().cut();
        watched.cut().tryEmitError(watched.reason());
      }
    }
  }

  private boolean tooSlow(BodyReceiver receiver, long nanos) {
    return receiver.large()
        && nanos > GRACE.toNanos()
        && receiver.length() < slowestBytesPerSecond * (nanos / 1_000_000_000.0);
  }
}
