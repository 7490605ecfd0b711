package dev.slipway.pipeline.kafka;

/// One way in which a topic of a cluster differs from the catalogue. How many partitions it has is
/// none where the catalogue has several: who made it chose, and keys that move lose their order.
///
/// | drift | `apply` |
/// |---|---|
/// | [Missing] | creates the topic |
/// | [Setting] | sets it |
/// | [Partitions] | refuses: what has one partition is led by whom that is given to |
/// | [Replication] | refuses: moving replicas is the operators' business |
public sealed interface TopicDrift {

  /// The cluster has no such topic.
  record Missing() implements TopicDrift {}

  /// A topic setting has another value.
  record Setting(String name, String actual, String expected) implements TopicDrift {}

  /// The topic has so many partitions, and must have one.
  record Partitions(int actual) implements TopicDrift {}

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
