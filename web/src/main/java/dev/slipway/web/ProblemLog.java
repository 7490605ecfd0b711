package dev.slipway.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.observability.LogPace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs the error answers whose reason is ours; of the rest the client knows, and metrics count it.
final class ProblemLog {
  private static final Logger log = LoggerFactory.getLogger(ProblemLog.class);

  private static final int LONGEST_PATH = 200;

  private final LogPace warnings = new LogPace();
  private final LogPace errors = new LogPace();
  private final Cache<String, Boolean> traced =
      Caffeine.newBuilder().maximumSize(100).expireAfterWrite(Duration.ofHours(1)).build();

  /// A request gets an error answer.
  ///
  /// @param failure whose answer the problem is
  void failed(
      String method,
      String path,
      ApiException problem,
      Throwable failure,
      @Nullable String traceparent) {
    switch (problem.code()) {
      case INTERNAL -> reportBug(method, path, failure, traceparent);
      case UNAVAILABLE, POOL_EXHAUSTED -> reportRefusal(method, path, problem.code(), traceparent);
      default -> {
        // the client knows, and metrics count it
      }
    }
  }

  /// Once a second: an outage under load refuses thousands.
  private void reportRefusal(
      String method, String path, ErrorCode code, @Nullable String traceparent) {
    if (warnings.mayLog()) {
      about(log.atWarn(), method, path, code, traceparent)
          .log("request refused: something it needs is away");
    }
  }

  /// Once a second too, because whoever finds a bug can cause it all the time; where it is, in
  /// full, the first time.
  private void reportBug(
      String method, String path, Throwable failure, @Nullable String traceparent) {
    if (!errors.mayLog()) {
      return;
    }
    StackTraceElement[] trace = failure.getStackTrace();
    String place = failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    LoggingEventBuilder event =
        about(log.atError(), method, path, ErrorCode.INTERNAL, traceparent)
            .addKeyValue("failure", place);
    if (traced.asMap().putIfAbsent(place, true) == null) {
      event = event.setCause(failure);
    }
    event.log("request failed");
  }

  private static LoggingEventBuilder about(
      LoggingEventBuilder event,
      String method,
      String path,
      ErrorCode code,
      @Nullable String traceparent) {
    return event
        .addKeyValue("method", method)
        .addKeyValue("path", path.substring(0, Math.min(path.length(), LONGEST_PATH)))
        .addKeyValue("code", code.value())
        .addKeyValue("traceparent", traceparent);
  }
}
