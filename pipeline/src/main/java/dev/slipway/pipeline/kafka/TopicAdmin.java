package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// Holds a cluster to the catalogue of topics. Every method blocks, for at most half a minute.
public final class TopicAdmin {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int REPLICATED_BROKERS = 3;

  /// Of what is kept, whoever wrote it and however. See docs/BENCHMARKS.md for what it costs and
  /// saves.
  private static final String COMPRESSION = "zstd";

  private final Admin admin;
  private final TopicNames names;
  private final PartitionCounts counts;
  private final Map<Topic, Duration> kept;

  public TopicAdmin(Admin admin, TopicNames names) {
    this(admin, names, PartitionCounts.catalogue(), Map.of());
  }

  /// @param counts for the topics that it makes
  /// @param kept topics whose records are kept for another time than the catalogue says
  public TopicAdmin(
      Admin admin, TopicNames names, PartitionCounts counts, Map<Topic, Duration> kept) {
    this.admin = admin;
    this.names = names;
    this.counts = counts;
    this.kept = Map.copyOf(kept);
  }

  private Optional<Duration> retention(Topic topic) {
    return Optional.ofNullable(kept.get(topic)).or(topic::retention);
  }

  /// Compares the cluster with the catalogue and changes nothing.
  ///
  /// @param topics with what others follow before them
  /// @return one report for each of `topics`, in their order
  /// @throws RetryableException when the cluster does not answer
  public List<TopicReport> list(Collection<Topic> topics) {
    int replicas = replicas();
    Map<String, ConfigResource> resources =
        topics.stream()
            .map(names::of)
            .collect(
                Collectors.toMap(
                    name -> name, name -> new ConfigResource(ConfigResource.Type.TOPIC, name)));
    var descriptions = admin.describeTopics(resources.keySet()).topicNameValues();
    var configs = admin.describeConfigs(resources.values()).values();
    List<TopicReport> reports = new ArrayList<>();
    Map<Topic, Integer> existing = new HashMap<>();
    for (Topic topic : topics) {
      String name = names.of(topic);
      TopicDescription description = existing(descriptions.get(name));
      Config config = existing(configs.get(resources.get(name)));
      if (description == null || config == null) {
        int planned = counts.of(topic, existing);
        reports.add(
            new TopicReport(
                topic, name, planned, retention(topic), List.of(new TopicDrift.Missing())));
      } else {
        int partitions = description.partitions().size();
        existing.put(topic, partitions);
        List<TopicDrift> drifts = drifts(topic, description, config, replicas);
        reports.add(new TopicReport(topic, name, partitions, retention(topic), drifts));
      }
    }
    return reports;
  }

  /// Creates what is missing and mends what can be mended without moving a record.
  ///
  /// @return what stood before, so that a caller can tell what was done (the [TopicDrift#mendable]
  ///   drifts) from what was refused
  /// @throws RetryableException when the cluster does not answer
  public List<TopicReport> apply(Collection<Topic> topics) {
    List<TopicReport> before = list(topics);
    int replicas = replicas();
    for (TopicReport report : before) {
      for (TopicDrift drift : report.drifts()) {
        switch (drift) {
          case TopicDrift.Missing() -> create(report, replicas);
          case TopicDrift.Setting(var name, _, var expected) ->
              alter(report.name(), name, expected);
          case TopicDrift.Partitions _, TopicDrift.Replication _ -> {
            // refused; the report says so
          }
        }
      }
    }
    return before;
  }

  private void create(TopicReport report, int replicas) {
    NewTopic topic =
        new NewTopic(report.name(), report.partitions(), (short) replicas)
            .configs(settings(report.topic(), report.retention(), replicas));
    try {
      await(admin.createTopics(List.of(topic)).all());
    } catch (PermanentException e) {
      // Another process of ours was faster.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private void alter(String topic, String name, String value) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    await(admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
  }

  private List<TopicDrift> drifts(
      Topic topic, TopicDescription description, Config config, int replicas) {
    List<TopicDrift> drifts = new ArrayList<>();
    int partitions = description.partitions().size();
    if (topic.partitions() == 1 && partitions != 1) {
      drifts.add(new TopicDrift.Partitions(partitions));
    }
    int actual =
        description.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
    if (actual < replicas) {
      drifts.add(new TopicDrift.Replication(actual, replicas));
    }
    // The durability settings follow the replicas that the topic has, not those it should have:
    // min.insync.replicas 2 on a topic with one replica would refuse every write.
    settings(topic, retention(topic), Math.min(actual, replicas))
        .forEach((name, expected) -> {
          String value = Optional.ofNullable(config.get(name)).map(ConfigEntry::value).orElse("");
          if (!value.equals(expected)) {
            drifts.add(new TopicDrift.Setting(name, value, expected));
          }
        });
    return drifts;
  }

  static Map<String, String> settings(Topic topic, Optional<Duration> retention, int replicas) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        topic.compacted() ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
    settings.put(
        TopicConfig.RETENTION_MS_CONFIG,
        retention.map(kept -> Long.toString(kept.toMillis())).orElse("-1"));
    settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(topic.maxRecordBytes()));
    settings.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas >= REPLICATED_BROKERS ? "2" : "1");
    settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
    // Without replicas only the disk keeps an acknowledged record through a power cut.
    boolean flush = topic.flushEachRecord() && replicas == 1;
    settings.put(
        TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, flush ? "1" : Long.toString(Long.MAX_VALUE));
    return settings;
  }

  private int replicas() {
    int brokers = await(admin.describeCluster().nodes()).size();
    return brokers >= REPLICATED_BROKERS ? REPLICATED_BROKERS : 1;
  }

  private static <T> @Nullable T existing(@Nullable KafkaFuture<T> future) {
    if (future == null) {
      return null;
    }
    try {
      return await(future);
    } catch (RetryableException | PermanentException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw e;
    }
  }

  private static <T> T await(KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetryableException("interrupted while asking Kafka", RETRY, e);
    } catch (TimeoutException e) {
      throw new RetryableException("Kafka does not answer", RETRY, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException retriable) {
        throw new RetryableException("Kafka cannot answer now", RETRY, retriable);
      }
      throw new PermanentException("Kafka refuses the request", e.getCause());
    }
  }
}
