package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.security.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Counts the open streams and refuses those too many.
final class Connections {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final LiveProperties limits;
  private final LiveMetrics metrics;

  @GuardedBy("this")
  private int all;

  @GuardedBy("this")
  private final Map<String, Integer> byTenant = new HashMap<>();

  @GuardedBy("this")
  private final Map<Who, Integer> byCaller = new HashMap<>();

  private record Who(String tenant, String subject) {}

  Connections(LiveProperties limits, LiveMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  /// Takes a seat.
  ///
  /// @return close it when the stream has ended
  /// @throws ApiException 429 when the caller has too many, 503 when its tenant or the instance has
  Seat open(Caller caller) {
    Who who = new Who(caller.tenant(), caller.subject());
    synchronized (this) {
      if (byCaller.getOrDefault(who, 0) >= limits.connectionsPerCaller()) {
        metrics.refused("caller");
        throw new ApiException(
                ErrorCode.RATE_LIMITED, "You have more streams open than is allowed.")
            .retryAfter(RETRY_AFTER);
      }
      if (byTenant.getOrDefault(who.tenant(), 0) >= limits.connectionsPerTenant()) {
        metrics.refused("tenant");
        throw full("Your tenant has as many streams open as are allowed.");
      }
      if (all >= limits.connections()) {
        metrics.refused("all");
        throw full("This instance has as many streams open as it takes.");
      }
      all++;
      byTenant.merge(who.tenant(), 1, Integer::sum);
      byCaller.merge(who, 1, Integer::sum);
    }
    return () -> close(who);
  }

  private static ApiException full(String detail) {
    return new ApiException(ErrorCode.UNAVAILABLE, detail).retryAfter(RETRY_AFTER);
  }

  private synchronized void close(Who who) {
    all--;
    byTenant.computeIfPresent(who.tenant(), (_, count) -> count == 1 ? null : count - 1);
    byCaller.computeIfPresent(who, (_, count) -> count == 1 ? null : count - 1);
  }

  /// The seat of one stream. Close it once.
  interface Seat extends AutoCloseable {
    @Override
    void close();
  }
}
