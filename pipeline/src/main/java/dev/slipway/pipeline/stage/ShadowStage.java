package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.schemas.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A stage as it is folded into a shadow: the same reading, deciding and writing, but nothing of it
/// is published and nobody is told.
record ShadowStage<K extends Comparable<K>, S, I, E>(Stage<K, S, I, E> live)
    implements Stage<K, S, I, E> {
  @Override
  public String name() {
    return live.name();
  }

  @Override
  public Topic source() {
    return live.source();
  }

  @Override
  public Topic deadLetters() {
    return live.deadLetters();
  }

  @Override
  public Optional<Input<K, I>> decode(ConsumerRecord<byte[], byte[]> record) {
    return live.decode(record);
  }

  @Override
  public Decider<S, I, E> decider() {
    return live.decider();
  }

  @Override
  public StateStore<K, S, I> states() {
    return live.states();
  }

  @Override
  public Optional<I> deadLettered(I input) {
    return live.deadLettered(input);
  }
}
