package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.schemas.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

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
  StateStore<K, S> states();

  /// What the aggregate is told when its input goes to the dead-letter topic; empty when nothing.
  default Optional<I> deadLettered(I input) {
    return Optional.empty();
  }
}
