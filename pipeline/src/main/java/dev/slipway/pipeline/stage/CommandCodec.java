package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Command;
import dev.slipway.schemas.Topic;

/// How commands of one kind become records of a topic.
public interface CommandCodec<C extends Command> {
  /// Where they go.
  Topic topic();

  /// Value of the header `ce_source`.
  String source();

  /// The `ce_type`.
  String type(C command);

  /// The topic key.
  String key(AggregateId sender, C command);

  /// The value, in Confluent's wire format.
  byte[] encode(AggregateId sender, C command);

  /// Gets what encoding needs from outside; may block.
  default void prepare() {}
}
