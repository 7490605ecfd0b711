package dev.slipway.pipeline.kafka;

/// One way in which a topic of a cluster differs from the catalogue.
///
/// | drift | `apply` |
/// |---|---|
/// | [Missing] | creates the topic |
/// | [Setting] | sets it |
/// | [Partitions] | refuses: keys would move to other partitions and lose their order |
/// | [Replication] | refuses: moving replicas is the operators' business |
public sealed interface TopicDrift {

  /// The cluster has no such topic.
  record Missing() implements TopicDrift {}

  /// A topic setting has another value.
  record Setting(String name, String actual, String expected) implements TopicDrift {}

  /// The topic has another number of partitions.
  record Partitions(int actual, int expected) implements TopicDrift {}

  /// The topic has fewer replicas than the cluster could give it.
  record Replication(int actual, int expected) implements TopicDrift {}

  /// Whether `apply` mends it.
  default boolean mendable() {
    return switch (this) {
      case Missing _, Setting _ -> true;
      case Partitions _, Replication _ -> false;
    };
  }
}
