package dev.slipway.pipeline.kafka;

import dev.slipway.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How one topic of the catalogue stands in a cluster.
///
/// @param name with the installation's prefix
/// @param partitions as they are, or would be made
/// @param retention how long records are to be kept; empty = for ever
/// @param drifts empty when the cluster has it as the catalogue says
public record TopicReport(
    Topic topic,
    String name,
    int partitions,
    Optional<Duration> retention,
    List<TopicDrift> drifts) {

  public TopicReport {
    drifts = List.copyOf(drifts);
  }

  /// Whether the topic can be used: it exists, and has one partition where there must be one.
  public boolean usable() {
    return drifts.stream()
        .noneMatch(d -> d instanceof TopicDrift.Missing || d instanceof TopicDrift.Partitions);
  }
}
