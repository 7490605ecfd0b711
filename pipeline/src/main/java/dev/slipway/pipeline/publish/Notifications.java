package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.Gap;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.schemas.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a relay's rows come to on `notifications`, and what it owes there.
///
/// As long as they are taken, an event and its notification are published together. When
/// `notifications` alone is away, events are published without, and each partition that lacks
/// something is owed a gap. Once Kafka has told of the topic again, which is asked for all the
/// time, they are tried again, and what is owed comes first.
///
/// Used by one thread.
final class Notifications implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Notifications.class);

  /// Every partition: what is owed when nobody can tell how many there are.
  static final int ALL = -1;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final String relay;
  private final NotificationRenderer renderer;
  private final NotificationCodec codec;
  private final Supplier<Optional<LogExtent>> topic;
  private final PublisherMetrics metrics;
  private final Clock clock;

  // CONFINED: to the publisher's thread
  private Set<Integer> owed = Set.of();
  private final Set<Long> asUnknown = new HashSet<>();
  private long resumedNanos = System.nanoTime();
  private boolean away;
  private long awayNanos;
  private Duration pause = FIRST_PAUSE;

  /// @param relay whose they are
  /// @param topic from where to where `notifications` reaches; empty as long as Kafka has not told
  Notifications(
      String relay,
      NotificationRenderer renderer,
      NotificationCodec codec,
      Supplier<Optional<LogExtent>> topic,
      PublisherMetrics metrics,
      Clock clock) {
    this.relay = relay;
    this.renderer = renderer;
    this.codec = codec;
    this.topic = topic;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// A notification of a row.
  ///
  /// @param partition that it belongs to, or `ALL`
  /// @param record null when it cannot be sent now
  record Rendered(int partition, @Nullable ProducerRecord<byte[], byte[]> record) {
    int sizeBytes() {
      return record == null ? 0 : record.value().length;
    }
  }

  /// Begins with what the last leader owed.
  void resume(Set<Integer> owedPartitions) {
    owed = Set.copyOf(owedPartitions);
    asUnknown.clear();
    resumedNanos = System.nanoTime();
    metrics.owed(owed.size());
  }

  /// Whether a gap is owed and would be taken.
  boolean canPay() {
    return !owed.isEmpty() && topic.get().filter(this::isBack).isPresent();
  }

  /// Whether they are sent along now.
  ///
  /// @throws RetryableException when Kafka has not told of the topic yet, and may do so soon
  boolean areTaken() {
    Optional<LogExtent> extent = topic.get();
    if (extent.isEmpty() && !away) {
      if (System.nanoTime() - resumedNanos < PATIENCE.toNanos()) {
        throw new RetryableException(
            "Kafka has not told of notifications yet: check that `slipway topics apply` was run",
            Duration.ZERO,
            null);
      }
      away(null);
    }
    return extent.filter(this::isBack).isPresent();
  }

  private boolean isBack(LogExtent extent) {
    return !away
        || (extent.askedNanos() - awayNanos > 0 && System.nanoTime() - awayNanos > pause.toNanos());
  }

  /// What a row comes to.
  ///
  /// @param send whether it is to be sent, or only to be known where it belongs
  /// @return empty when it is none of the public's
  /// @throws RetryableException when the registry does not answer
  Optional<Rendered> render(Row row, boolean send) {
    if (!asUnknown.contains(row.id())) {
      try {
        return renderer
            .render(row.lane().topic(), row.lane().tenant(), row.envelope(), row.value())
            .map(event -> rendered(row, event, send));
      } catch (RetryableException | InterruptException e) {
        throw e;
      } catch (RuntimeException e) {
        // also a bug of ours: it must not hold up what follows
        warn(row, e);
      }
    }
    metrics.unknown();
    return Optional.of(rendered(row, codec.unknown(row), send));
  }

  private Rendered rendered(Row row, PublicEvent event, boolean send) {
    LogExtent extent = topic.get().orElse(null);
    if (extent == null) {
      return new Rendered(ALL, null);
    }
    int partition = extent.partitionOf(event.context().getTenant());
    return new Rendered(partition, send ? codec.write(row.envelope(), event, partition) : null);
  }

  private void warn(Row row, RuntimeException failure) {
    log.atWarn()
        .addKeyValue("publisher", relay)
        .addKeyValue("ce_id", row.envelope().id())
        .addKeyValue("ce_type", row.envelope().type())
        .addKeyValue("topic", row.lane().topic())
        .setCause(failure)
        .log("event passed as unknown");
  }

  /// What is sent: a gap for each partition that is owed one, then notifications.
  ///
  /// @param cause id of the record before which some are missing
  List<ProducerRecord<byte[], byte[]>> behindGaps(List<Rendered> rendered, UUID cause) {
    var all = new ArrayList<ProducerRecord<byte[], byte[]>>(rendered.size());
    int partitions = topic.get().map(extent -> extent.partitions().size()).orElse(0);
    for (int partition = 0; partition < partitions; partition++) {
      if (owed.contains(partition) || owed.contains(ALL)) {
        UUID id = Ids.derived(relay, cause, Gap.type(), Integer.toString(partition), 0);
        var envelope = new CloudEvent(id, Gap.type(), relay, clock.instant(), null, null, null);
        all.add(codec.gap(envelope, partition));
      }
    }
    for (Rendered notification : rendered) {
      if (notification.record() != null) {
        all.add(notification.record());
      }
    }
    return all;
  }

  /// What is owed when these are published without.
  Set<Integer> owedWithout(List<Rendered> left) {
    var all = new TreeSet<>(owed);
    left.forEach(rendered -> all.add(rendered.partition()));
    return all;
  }

  /// A turn was published.
  ///
  /// @param owedNow what is owed since
  /// @param left how many events went out without
  /// @param taken whether notifications were sent along
  void published(Set<Integer> owedNow, int left, boolean taken) {
    if (taken && away) {
      away = false;
      pause = FIRST_PAUSE;
      log.atInfo().addKeyValue("publisher", relay).log("notifications are taken again");
    }
    owed = Set.copyOf(owedNow);
    asUnknown.clear();
    metrics.owed(owed.size());
    metrics.leftOut(left);
  }

  /// Kafka refuses the notification of a row for ever. What stands for it is small enough for any
  /// limit; when even that is refused, or a gap, it is the topic.
  ///
  /// @param row null when it was a gap
  void refused(@Nullable Row row) {
    if (row == null || !asUnknown.add(row.id())) {
      away(null);
      return;
    }
    log.atError()
        .addKeyValue("publisher", relay)
        .addKeyValue("ce_id", row.envelope().id())
        .log("kafka refuses a notification: the event is passed as unknown");
  }

  /// Kafka takes records, but no notifications.
  void away(@Nullable Exception cause) {
    if (away) {
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    } else {
      log.atError()
          .addKeyValue("publisher", relay)
          .setCause(cause)
          .log("notifications are not taken: events are published without, streams will be reset");
    }
    away = true;
    awayNanos = System.nanoTime();
  }

  @Override
  public void close() {
    codec.close();
  }
}
