package dev.slipway.ingress.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/// Asks the cluster whether a topic could be written to.
final class TopicProbe implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Admin admin;
  private final String topic;

  TopicProbe(Map<String, Object> adminSettings, String topic) {
    this.admin = Admin.create(adminSettings);
    this.topic = topic;
  }

  String topic() {
    return topic;
  }

  /// Whether the topic is there and each partition has a leader. Blocks for two seconds at most.
  boolean answers() {
    var options = new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis());
    try {
      @Nullable TopicDescription description =
          admin
              .describeTopics(List.of(topic), options)
              .allTopicNames()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .get(topic);
      return description != null
          && description.partitions().stream().noneMatch(TopicProbe::leaderless);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    }
  }

  private static boolean leaderless(TopicPartitionInfo partition) {
    return partition.leader() == null || partition.leader().isEmpty();
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
