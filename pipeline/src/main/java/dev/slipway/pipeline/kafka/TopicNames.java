package dev.slipway.pipeline.kafka;

import dev.slipway.schemas.Topic;

/// Names of topics in this installation: the catalogue's, behind the installation's prefix.
///
/// @param prefix empty for none
public record TopicNames(String prefix) {

  /// The name that the cluster knows `topic` by.
  public String of(Topic topic) {
    return prefix + topic.name();
  }
}
