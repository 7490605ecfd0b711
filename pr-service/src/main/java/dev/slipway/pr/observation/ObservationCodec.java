package dev.slipway.pr.observation;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.stage.CommandCodec;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.GitHubObserved;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serializer;

/// Writes observations as records of `github.deliveries`.
public final class ObservationCodec implements CommandCodec<Observation> {
  private static final String OBSERVED = "github.observed";
  private static final String SOURCE = "pr-service";

  private final Serializer<Delivery> serializer;
  private final String topic;

  /// Writes with a serialiser that is configured.
  ///
  /// @param topic the name that the cluster knows `github.deliveries` by
  public ObservationCodec(Serializer<Delivery> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  @Override
  public Topic topic() {
    return Topics.GITHUB_DELIVERIES;
  }

  @Override
  public String source() {
    return SOURCE;
  }

  @Override
  public String type(Observation observation) {
    return OBSERVED;
  }

  /// As webhooks of the repository have it.
  @Override
  public String key(AggregateId sender, Observation observation) {
    return Long.toString(observation.repositoryId());
  }

  /// Asks the registry for the schema's id, so that no decision has to wait for it.
  @Override
  public void prepare() {
    var _ =
        encode(
            new AggregateId("", ""), new Observation(0, 0, "", null, Instant.EPOCH, new byte[0]));
  }

  @Override
  public byte[] encode(AggregateId sender, Observation observation) {
    return serializer.serialize(
        topic,
        new Delivery(
            Context.newBuilder().setTenant(sender.tenant()).build(),
            GitHubObserved.newBuilder()
                .setRepositoryId(observation.repositoryId())
                .setNumber(observation.number())
                .setResource(observation.resource())
                .setObservedAt(observation.observedAt())
                .setReceivedAt(observation.receivedAt())
                .setBody(ByteBuffer.wrap(observation.body()))
                .build()));
  }
}
