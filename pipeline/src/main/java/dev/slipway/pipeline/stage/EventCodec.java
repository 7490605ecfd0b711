package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.schemas.Topic;
import org.jspecify.annotations.Nullable;

/// How the events of a stage become records of its topic.
public interface EventCodec<S, E> {
  /// Where they are published.
  Topic topic();

  /// Value of the header `ce_source`.
  String source();

  /// The `ce_type` of an event; null for one that is folded and not published.
  @Nullable String type(E event);

  /// The topic key of a published event.
  default String key(AggregateId id, E event) {
    return id.key();
  }

  /// How many events of this topic key were published before, as the state has it.
  ///
  /// @param stored version of the row
  default long version(S state, long stored, String topicKey) {
    return stored;
  }

  /// The value, in Confluent's wire format.
  ///
  /// @param after the state that the event leads to
  byte[] encode(AggregateId id, S after, Numbered<E> event);

  /// Gets what encoding needs from outside, such as the ids of schemas; may block.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when that is away
  default void prepare() {}
}
