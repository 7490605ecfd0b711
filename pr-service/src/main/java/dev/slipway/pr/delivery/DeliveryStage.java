package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pr.delivery.DeliveryEvent.Followed;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.pullrequest.PullRequestCodec;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.pr.pullrequest.RepositoryKey;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// `pr-service.deliveries`: each webhook becomes a row that says what became of it, and what it
/// says of pull requests is joined to what is known of them. The order of deliveries does not
/// matter, so a dead one holds nothing up.
final class DeliveryStage
    implements Stage<RepositoryKey, DeliveryState, DeliveryInput, DeliveryEvent> {
  static final String NAME = "pr-service.deliveries";

  private final DeliveryCodec codec;
  private final PullRequestCodec events;
  private final Wakeup relay;
  private final DeliveryDecider decider =
      new DeliveryDecider((cause, type, key, n) -> Ids.derived(NAME, cause, type, key, n));
  private final DeliveryStore store = new DeliveryStore();

  /// @param relay who publishes the events
  DeliveryStage(DeliveryCodec codec, PullRequestCodec events, Wakeup relay) {
    this.codec = codec;
    this.events = events;
    this.relay = relay;
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
  public Optional<Input<RepositoryKey, DeliveryInput>> decode(
      ConsumerRecord<byte[], byte[]> record) {
    return codec.decode(record);
  }

  @Override
  public Decider<DeliveryState, DeliveryInput, DeliveryEvent> decider() {
    return decider;
  }

  @Override
  public StateStore<RepositoryKey, DeliveryState, DeliveryInput> states() {
    return store;
  }

  @Override
  public void prepare() {
    events.prepare();
  }

  @Override
  public Optional<OutboxRecord> output(
      RepositoryKey key, DeliveryEvent event, @Nullable String traceparent) {
    return event instanceof Followed(Announced announced)
        ? Optional.of(events.record(key, announced, traceparent))
        : Optional.empty();
  }

  @Override
  public void committed() {
    relay.give();
  }

  @Override
  public Optional<DeliveryInput> deadLettered(DeliveryInput input) {
    return input instanceof Received(var webhook, _, _)
        ? Optional.of(new DeadLettered(webhook))
        : Optional.empty();
  }
}
