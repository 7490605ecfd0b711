package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;

/// Asks Kafka which topic a partition belongs to and from where to where its log reaches.
public final class LogReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Admin admin;

  public LogReader(Map<String, Object> settings) {
    this.admin = Admin.create(settings);
  }

  /// Partitions as they are now.
  ///
  /// @throws RetryableException when Kafka does not answer, or the topic is not there
  public Map<TopicPartition, Log> read(Collection<TopicPartition> partitions) {
    List<String> topics = partitions.stream().map(TopicPartition::topic).distinct().toList();
    Map<String, TopicDescription> described = get(admin.describeTopics(topics).allTopicNames());
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    var logs = new HashMap<TopicPartition, Log>();
    for (TopicPartition partition : partitions) {
      TopicDescription topic = described.get(partition.topic());
      Long start = starts.get(partition);
      Long end = ends.get(partition);
      if (topic != null && start != null && end != null) {
        logs.put(partition, new Log(topic.topicId().toString(), start, end));
      }
    }
    return logs;
  }

  /// The partitions of a topic.
  public List<TopicPartition> partitions(String topic) {
    return get(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
        .flatMap(description ->
            description.partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition())))
        .toList();
  }

  /// The first offset of each partition whose record is as new as `spec` asks; -1 when none is.
  public Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
    Map<TopicPartition, OffsetSpec> wanted =
        partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec));
    Map<TopicPartition, ListOffsetsResultInfo> found = get(admin.listOffsets(wanted).all());
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }

  /// Whether a partition begins with a record that was written before then.
  ///
  /// @param logs partitions as they are
  public boolean anyBegins(Map<TopicPartition, Log> logs, Instant before) {
    // -1 of a partition that holds nothing newer
    Map<TopicPartition, Long> since =
        offsets(logs.keySet(), OffsetSpec.forTimestamp(before.toEpochMilli()));
    return logs.entrySet().stream()
        .anyMatch(log ->
            log.getValue().start() < log.getValue().end()
                && !Long.valueOf(log.getValue().start()).equals(since.get(log.getKey())));
  }

  /// Whether records of a topic are never deleted by their age.
  public boolean isKeptForEver(String topic) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return get(admin.describeConfigs(List.of(resource)).all()).values().stream()
        .map(config -> config.get(TopicConfig.RETENTION_MS_CONFIG))
        .allMatch(kept -> kept == null || "-1".equals(kept.value()));
  }

  /// How many members a consumer group has.
  public int members(String group) {
    return get(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
        .mapToInt(description -> description.members().size())
        .sum();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }

  /// A partition as it is.
  ///
  /// @param start offset of the first record there is
  /// @param end offset that the next record will get
  public record Log(String topicId, long start, long end) {}

  private static <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new RetryableException(
          "Kafka does not answer about a topic: check that brokers run and that "
              + "`slipway topics apply` was run",
          Duration.ZERO,
          e);
    }
  }
}
