package dev.slipway.notifier.hub;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.LogPosition;
import dev.slipway.pipeline.live.NotificationsLog;
import dev.slipway.pipeline.observability.LivenessCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Reads the end of the log, all partitions of it, and feeds it to those who listen. One thread
/// does it all: read, encode, offer.
///
/// | What happens | What it does |
/// |---|---|
/// | Kafka or the registry is away | goes on from where it was |
/// | the topic is missing | asks nothing of it: a consumer would ask again at once, all the time |
/// | the topic was made again, was cut, or does not hold its position any more | begins anew, and every stream ends and resumes |
/// | a record is no notification | counts it and goes on |
final class NotificationReader implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(NotificationReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// Records end it.
  private static final Duration POLL_AT_REST = Duration.ofSeconds(1);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final NotificationsLog notifications;
  private final NotificationCodec codec;
  private final Hub hub;
  private final LiveProperties properties;
  private final LiveMetrics metrics;

  private final Wakeups wakeups = new Wakeups();
  private final RingBudget budget;
  private @Nullable Feeds feeds; // CONFINED: to the thread below
  private final StoppableThread thread =
      new StoppableThread(
          Thread.ofPlatform().name("notification-reader").daemon(), this::run, PAUSE);

  NotificationReader(
      Supplier<Consumer<byte[], byte[]>> consumers,
      NotificationsLog notifications,
      NotificationCodec codec,
      Hub hub,
      LiveProperties properties,
      LiveMetrics metrics) {
    this.consumers = consumers;
    this.notifications = notifications;
    this.codec = codec;
    this.hub = hub;
    this.properties = properties;
    this.metrics = metrics;
    this.budget = new RingBudget(properties.ringSize().toBytes());
    metrics.gauge("slipway.live.ring.bytes", budget, RingBudget::bytes);
  }

  private void run() {
    LogExtent extent = notifications.extent().orElse(null);
    if (extent == null || notifications.isMissing()) {
      thread.rest(POLL);
      return;
    }
    try (Consumers consumer = new Consumers(consumers.get())) {
      read(consumer.consumer(), feedsFor(extent));
    } catch (InvalidOffsetException _) {
      beginAnew();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      log.atWarn()
          .addKeyValue("cause", e.getClass().getSimpleName())
          .log("notifications cannot be read, trying again");
      thread.rest(PAUSE);
    }
  }

  /// Closes within a bound.
  private record Consumers(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
    @Override
    public void close() {
      consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    }
  }

  private Feeds feedsFor(LogExtent extent) {
    Feeds current = feeds;
    if (current != null && current.topicId().equals(extent.topicId())) {
      return current;
    }
    Feeds fresh = Feeds.before(extent, properties.warmUpRecords());
    budget.clear();
    feeds = fresh;
    hub.replace(fresh);
    log.atInfo()
        .addKeyValue("topic", notifications.topic())
        .addKeyValue("partitions", fresh.partitions().size())
        .log("reading notifications");
    return fresh;
  }

  /// The log lost its end, or its start moved past us. What is known of it may be older than that.
  private void beginAnew() {
    log.atWarn().addKeyValue("topic", notifications.topic()).log("notifications were lost");
    feeds = null;
    long now = System.nanoTime();
    while (!thread.isStopping()
        && notifications.extent().filter(extent -> extent.askedNanos() - now >= 0).isEmpty()) {
      thread.rest(POLL); // it is asked for all the time
    }
  }

  private void read(Consumer<byte[], byte[]> consumer, Feeds current) {
    List<TopicPartition> partitions =
        current.partitions().stream().map(feed -> partition(feed.partition())).toList();
    consumer.assign(partitions);
    // with its epoch: also a log that was cut and has grown again meanwhile is noticed
    current
        .partitions()
        .forEach(feed -> consumer.seek(partition(feed.partition()), feed.next().forSeek()));
    while (!thread.isStopping() && isStill(current)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_AT_REST);
      for (PartitionFeed feed : current.partitions()) {
        TopicPartition partition = partition(feed.partition());
        if (!feed(feed, records.records(partition))) {
          return; // stopping
        }
        var next = records.nextOffsets().get(partition);
        if (next != null) {
          feed.append(List.of(), LogPosition.of(next), wakeups);
        } else if (records.isEmpty()) {
          feed.append(List.of(), LogPosition.at(consumer.position(partition)), wakeups);
        }
      }
      wakeups.flush();
    }
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(notifications.topic(), number);
  }

  private boolean isStill(Feeds current) {
    return !notifications.isMissing()
        && notifications
            .extent()
            .filter(extent -> extent.topicId().equals(current.topicId()))
            .isPresent();
  }

  /// @return false when it stopped before it was done
  private boolean feed(PartitionFeed feed, List<ConsumerRecord<byte[], byte[]>> records) {
    if (records.isEmpty()) {
      return true;
    }
    List<LiveEvent> events = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      while (!decode(feed, record, events)) {
        thread.rest(PAUSE);
        if (thread.isStopping()) {
          return false;
        }
      }
    }
    feed.append(events, LogPosition.behind(records.getLast()), wakeups);
    events.forEach(event -> budget.added(feed, event));
    metrics.read(records.size());
    return true;
  }

  /// @return false when the registry is away: the record waits
  private boolean decode(
      PartitionFeed feed, ConsumerRecord<byte[], byte[]> record, List<LiveEvent> events) {
    try {
      events.add(codec.decode(record, feed.topicId()));
    } catch (RetryableException _) {
      return false;
    } catch (PermanentException e) {
      metrics.unreadable();
      log.atWarn()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("cause", e.getMessage())
          .log("record is no notification");
    }
    return true;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(CLOSE_TIMEOUT.multipliedBy(2));
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }

  /// Starts before the web server and stops after it.
  @Override
  public int getPhase() {
    return 1;
  }
}
