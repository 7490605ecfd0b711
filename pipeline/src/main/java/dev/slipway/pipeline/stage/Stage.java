package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.schemas.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What a feature hands to the stage runner: where records come from, how they are read, how they
/// are decided, where states are kept. A stage owns one type of aggregate.
///
/// @param <K> key of an aggregate; states are locked in its order
/// @param <S> state
/// @param <I> input
/// @param <E> event
public interface Stage<K extends Comparable<K>, S, I, E> {
  /// `<service>.<feature>`, such as `pr-service.deliveries`: consumer group, inbox, positions and
  /// dead letters bear it.
  String name();

  /// The topic it consumes.
  Topic source();

  /// Where records go that fail for ever.
  Topic deadLetters();

  /// Reads one record.
  ///
  /// @return empty when the record is of a `ce_type` that this build does not know: it gets no
  ///   inbox row
  /// @throws dev.slipway.pipeline.error.PermanentException when no build could read it
  /// @throws dev.slipway.pipeline.error.RetryableException when what reading needs is away
  Optional<Input<K, I>> decode(ConsumerRecord<byte[], byte[]> record);

  /// The pure part.
  Decider<S, I, E> decider();

  /// Where states are kept.
  StateStore<K, S, I> states();

  /// Gets what decisions need from outside, such as the ids of schemas, before the first record is
  /// read; may block.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when that is away
  default void prepare() {}

  /// The record that publishes an event; empty when it is not published.
  ///
  /// @param key the aggregate that it happened to
  /// @param traceparent of the record that the event follows from; null when not traced
  default Optional<OutboxRecord> output(K key, E event, @Nullable String traceparent) {
    return Optional.empty();
  }

  /// A batch was committed: whoever publishes its outputs may begin.
  default void committed() {}

  /// What the aggregate is told when its input goes to the dead-letter topic; empty when nothing.
  default Optional<I> deadLettered(I input) {
    return Optional.empty();
  }
}
