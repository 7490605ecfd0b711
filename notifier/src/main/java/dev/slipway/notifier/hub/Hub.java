package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogPosition;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/// All live streams of this instance. Knows nothing of the transport: that gives it a
/// [Subscription] and the thread it sends from, and gets [Signal]s.
final class Hub implements SmartLifecycle {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Supplier<Optional<LogExtent>> log;
  private final Scans scans;
  private final LiveProperties properties;
  private final LiveMetrics metrics;

  private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Feeds feeds;
  private volatile boolean running;

  /// @param log from where to where the log reaches, as far as is known
  Hub(
      Supplier<Optional<LogExtent>> log,
      Scans scans,
      LiveProperties properties,
      LiveMetrics metrics) {
    this.log = log;
    this.scans = scans;
    this.properties = properties;
    this.metrics = metrics;
    metrics.gauge("slipway.live.connections", streams, Set::size);
    metrics.gauge("slipway.live.listening", this, Hub::listening);
    metrics.gauge("slipway.live.scans.waiting", scans, Scans::waiting);
    metrics.gauge("slipway.live.lag", this, Hub::lag);
  }

  /// Prepares a stream. It begins, and holds anything, when its signals are subscribed to.
  ///
  /// @param lastEventId the client's cursor, as it sent it; null when it sent none
  /// @param outlet the way to the client
  /// @param tokenLife how long the client's token is good still
  /// @return fails with 503 when it cannot be known soon where to begin
  Mono<LiveStream> subscribe(
      Subscription subscription, @Nullable String lastEventId, Outlet outlet, Duration tokenLife) {
    return Mono.defer(() -> {
      long asked = System.nanoTime();
      return Mono.defer(() -> Mono.justOrEmpty(place(subscription.tenant(), lastEventId, asked)))
          .repeatWhenEmpty(tries -> tries.delayElements(LOOK_AGAIN))
          .timeout(properties.startTimeout(), Mono.error(Hub::unavailable))
          .map(place -> {
            var timers =
                new StreamTimers(
                    properties.heartbeat(),
                    properties.lifetime(),
                    tokenLife,
                    () -> ThreadLocalRandom.current().nextDouble());
            return new LiveStream(this, subscription, place, outlet, timers);
          });
    });
  }

  /// Where a stream begins.
  ///
  /// @param asked [System#nanoTime] when the client came
  /// @return empty when that cannot be known yet
  private Optional<Place> place(String tenant, @Nullable String lastEventId, long asked) {
    Feeds current = feeds;
    LogExtent extent = log.get().orElse(null);
    if (current == null
        || extent == null
        || !running
        || !current.topicId().equals(extent.topicId())) {
      return Optional.empty();
    }
    int partition = extent.partitionOf(tenant);
    PartitionFeed feed = current.partitions().get(partition);
    LogPosition read = feed.next();
    LogPosition end = LogPosition.later(extent.range(partition).end(), read);
    return switch (StartPoint.of(lastEventId, tenant, extent, read)) {
      case StartPoint.Live() -> Optional.of(new Place(feed, end, null));
      case StartPoint.At(LogPosition position) -> Optional.of(new Place(feed, position, null));
      case StartPoint.Earlier(LogPosition position, EarlierEpoch epoch) ->
          scans
              .reach(feed, epoch, position.offset())
              .map(there ->
                  there
                      ? new Place(feed, position, null)
                      : new Place(feed, end, ResetReason.UNKNOWN));
      case StartPoint.Reset(ResetReason reason) -> Optional.of(new Place(feed, end, reason));
      case StartPoint.Doubtful() ->
          extent.askedNanos() - asked >= 0
              ? Optional.of(new Place(feed, end, ResetReason.UNKNOWN))
              : Optional.empty();
    };
  }

  private static ApiException unavailable() {
    return new ApiException(ErrorCode.UNAVAILABLE, "Kafka does not answer. Connect again.")
        .retryAfter(RETRY_AFTER);
  }

  /// The log as it is from now on. Streams of the one before end: their cursors will be judged by
  /// the new one.
  void replace(Feeds fresh) {
    feeds = fresh;
    streams.stream()
        .filter(stream -> !fresh.partitions().contains(stream.feed()))
        .forEach(stream -> stream.end(EndReason.LOG_CHANGED));
  }

  void opened(LiveStream stream) {
    streams.add(stream);
    Feeds current = feeds;
    if (!running) {
      stream.end(EndReason.STOPPED);
    } else if (current == null || !current.partitions().contains(stream.feed())) {
      stream.end(EndReason.LOG_CHANGED);
    }
  }

  void closed(LiveStream stream, EndReason reason) {
    if (streams.remove(stream)) {
      metrics.ended(reason);
    }
  }

  EventQueue queue() {
    return new EventQueue(properties.queueSize().toBytes(), properties.queueEvents());
  }

  Scans scans() {
    return scans;
  }

  LiveMetrics metrics() {
    return metrics;
  }

  /// Streams that are open.
  int connections() {
    return streams.size();
  }

  /// Streams that have come to the present.
  int listening() {
    Feeds current = feeds;
    return current == null
        ? 0
        : current.partitions().stream().mapToInt(PartitionFeed::listening).sum();
  }

  /// Records that are there and not yet read.
  private long lag() {
    Feeds current = feeds;
    LogExtent extent = log.get().orElse(null);
    if (current == null || extent == null || !current.topicId().equals(extent.topicId())) {
      return 0;
    }
    return current.partitions().stream()
        .mapToLong(feed ->
            Math.max(0, extent.range(feed.partition()).end().offset() - feed.next().offset()))
        .sum();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    List.copyOf(streams).forEach(stream -> stream.end(EndReason.STOPPED));
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Stops before the web server, which would wait for streams that never end by themselves.
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
