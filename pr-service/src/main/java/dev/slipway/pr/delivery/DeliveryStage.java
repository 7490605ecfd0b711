package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// `pr-service.deliveries`: each webhook becomes a row that says what became of it. Deliveries do
/// not depend on each other, so their order does not matter and a dead one holds nothing up.
final class DeliveryStage
    implements Stage<DeliveryId, DeliveryState, DeliveryInput, DeliveryEvent> {
  static final String NAME = "pr-service.deliveries";

  private final DeliveryCodec codec;
  private final DeliveryDecider decider = new DeliveryDecider();
  private final DeliveryStore store = new DeliveryStore();

  DeliveryStage(DeliveryCodec codec) {
    this.codec = codec;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Topic source() {
    return Topics.GITHUB_DELIVERIES;
  }

  @Override
  public Topic deadLetters() {
    return Topics.DELIVERIES_DEAD_LETTERS;
  }

  @Override
  public Optional<Input<DeliveryId, DeliveryInput>> decode(ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(record);
  }

  @Override
  public Decider<DeliveryState, DeliveryInput, DeliveryEvent> decider() {
    return decider;
  }

  @Override
  public StateStore<DeliveryId, DeliveryState> states() {
    return store;
  }

  @Override
  public Optional<DeliveryInput> deadLettered(DeliveryInput input) {
    return Optional.of(new DeadLettered(input.webhook()));
  }
}
