package dev.slipway.pipeline.kafka;

import dev.slipway.schemas.Topic;
import java.util.List;

/// The topics of the catalogue that a service reads or writes. Services say so as beans, and
/// `/readyz` tells which of them the cluster does not have.
///
/// @param needed without them the service does not do what it is there for
/// @param wanted it does without them for a while
public record TopicUse(List<Topic> needed, List<Topic> wanted) {

  public TopicUse {
    needed = List.copyOf(needed);
    wanted = List.copyOf(wanted);
  }
}
