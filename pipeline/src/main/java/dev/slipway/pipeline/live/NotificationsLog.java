package dev.slipway.pipeline.live;

import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.live.LogExtent.Range;
import dev.slipway.pipeline.observability.LivenessCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Knows from where to where the log of notifications reaches. A thread of its own asks Kafka all
/// the time, so that nobody who wants to know has to wait.
public final class NotificationsLog implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(NotificationsLog.class);
  private static final Duration INTERVAL = Duration.ofMillis(1_500);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration AWAY_AFTER = Duration.ofSeconds(5);

  private final Map<String, Object> adminSettings;
  private final String topic;

  private volatile @Nullable LogExtent extent;
  private volatile boolean missing;
  private boolean saidAway; // CONFINED: to the thread below
  private final StoppableThread thread =
      new StoppableThread(
          Thread.ofPlatform().name("notifications-log").daemon(), this::live, INTERVAL);

  /// @param topic with the installation's prefix
  NotificationsLog(Map<String, Object> adminSettings, String topic) {
    this.adminSettings = Map.copyOf(adminSettings);
    this.topic = topic;
  }

  /// The topic's name, with the installation's prefix.
  public String topic() {
    return topic;
  }

  /// The newest answer of Kafka, however old; empty until the first.
  public Optional<LogExtent> extent() {
    return Optional.ofNullable(extent);
  }

  /// Whether Kafka has answered within the last five seconds.
  public boolean reachable() {
    LogExtent known = extent;
    return known != null && System.nanoTime() - known.askedNanos() <= AWAY_AFTER.toNanos();
  }

  /// Whether Kafka's last answer was that there is no such topic.
  public boolean isMissing() {
    return missing;
  }

  private void live() {
    try (Admin admin = Admin.create(adminSettings)) {
      while (!thread.isStopping()) {
        thread.rest(ask(admin) ? INTERVAL : AGAIN);
      }
    }
  }

  /// @return whether Kafka has told
  private boolean ask(Admin admin) {
    boolean told = false;
    try {
      LogExtent answer = read(admin);
      if (answer != null) {
        extent = answer;
        missing = false;
        told = true;
      }
    } catch (ExecutionException e) {
      // the next turn asks again; what lasts is said below
      missing = e.getCause() instanceof UnknownTopicOrPartitionException;
    } catch (TimeoutException | KafkaException _) {
      // likewise
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
    if (reachable() == saidAway) {
      saidAway = !saidAway;
      log.atWarn()
          .addKeyValue("topic", topic)
          .log(saidAway ? "notifications cannot be reached" : "notifications can be reached");
    }
    return told;
  }

  private @Nullable LogExtent read(Admin admin)
      throws ExecutionException, InterruptedException, TimeoutException {
    long asked = System.nanoTime();
    int patience = (int) PATIENCE.toMillis();
    @Nullable TopicDescription description =
        get(admin
                .describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(patience))
                .allTopicNames())
            .get(topic);
    if (description == null) {
      return null;
    }
    int count = description.partitions().size();
    var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs(patience);
    var starts = admin.listOffsets(all(count, OffsetSpec.earliest()), options).all();
    var ends = admin.listOffsets(all(count, OffsetSpec.latest()), options).all();
    Map<TopicPartition, ListOffsetsResultInfo> start = get(starts);
    Map<TopicPartition, ListOffsetsResultInfo> end = get(ends);
    List<Range> ranges = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      TopicPartition partition = new TopicPartition(topic, number);
      @Nullable ListOffsetsResultInfo from = start.get(partition);
      @Nullable ListOffsetsResultInfo to = end.get(partition);
      if (from == null || to == null) {
        return null;
      }
      int leader = to.leaderEpoch().orElse(LogPosition.UNKNOWN_EPOCH);
      ranges.add(new Range(from.offset(), new LogPosition(leader, to.offset())));
    }
    UUID id =
        new UUID(
            description.topicId().getMostSignificantBits(),
            description.topicId().getLeastSignificantBits());
    return new LogExtent(id, ranges, asked);
  }

  private Map<TopicPartition, OffsetSpec> all(int count, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    for (int number = 0; number < count; number++) {
      wanted.put(new TopicPartition(topic, number), spec);
    }
    return wanted;
  }

  private static <T> T get(KafkaFuture<T> answer)
      throws ExecutionException, InterruptedException, TimeoutException {
    return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(PATIENCE);
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
    return 0;
  }
}
