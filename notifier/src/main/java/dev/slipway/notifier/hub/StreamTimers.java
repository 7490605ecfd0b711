package dev.slipway.notifier.hub;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// What happens to one stream by the clock: heartbeats, and its end. Each pause differs by up to a
/// fifth, so that streams that began together do not go on together. Used on the stream's lane,
/// which keeps the time for all of its streams.
final class StreamTimers {
  private static final double JITTER = 0.2;

  private final Duration heartbeat;
  private final Duration lifetime;
  private final Duration tokenLife;
  private final DoubleSupplier random;

  // CONFINED: to the lane
  private @Nullable ScheduledFuture<?> next;
  private @Nullable ScheduledFuture<?> last;

  /// @param lifetime before jitter
  /// @param tokenLife how long the client's token is good still
  /// @param random from 0 to 1
  StreamTimers(Duration heartbeat, Duration lifetime, Duration tokenLife, DoubleSupplier random) {
    this.heartbeat = heartbeat;
    this.lifetime = lifetime;
    this.tokenLife = tokenLife;
    this.random = random;
  }

  void start(LiveStream stream) {
    ScheduledExecutorService lane = stream.lane();
    Duration rotation = jittered(lifetime);
    boolean tokenFirst = tokenLife.compareTo(rotation) < 0;
    EndReason reason = tokenFirst ? EndReason.TOKEN_EXPIRED : EndReason.ROTATED;
    long nanos = Math.max(0, (tokenFirst ? tokenLife : rotation).toNanos());
    last = lane.schedule(() -> stream.end(reason), nanos, TimeUnit.NANOSECONDS);
    plan(stream);
  }

  private void plan(LiveStream stream) {
    next =
        stream
            .lane()
            .schedule(
                () -> {
                  plan(stream);
                  stream.heartbeat();
                },
                jittered(heartbeat).toNanos(),
                TimeUnit.NANOSECONDS);
  }

  void stop() {
    if (next != null) {
      next.cancel(false);
    }
    if (last != null) {
      last.cancel(false);
    }
  }

  private Duration jittered(Duration pause) {
    double factor = 1 + JITTER * (2 * random.getAsDouble() - 1);
    return Duration.ofNanos((long) (pause.toNanos() * factor));
  }
}
