package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.schemas.pullrequest.PullRequest;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.pullrequest.PullRequestState;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Reads records of `pull-request.events`: each is told to whoever pushed the branch. One whose
/// branch is a fork's is nobody's, also when that bears the name of a branch of ours.
final class SeenCodec implements RecordDecoder<SandboxInput> {
  private static final String TYPES = "pull_request.";

  private final Deserializer<PullRequestEvent> deserializer;

  SeenCodec(Deserializer<PullRequestEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Input<SandboxInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!envelope.type().startsWith(TYPES)) {
      return Optional.empty();
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    PullRequestEvent event =
        deserializer.deserialize(record.topic(), record.headers(), record.value());
    return seen(event.getPullRequest())
        .map(seen ->
            Input.toLinked(SandboxStage.link(event.getContext().getTenant(), seen.head()), seen));
  }

  private static Optional<SandboxInput.Seen> seen(PullRequest pullRequest) {
    var head = pullRequest.getHead();
    String url = pullRequest.getRepositoryUrl();
    if (head == null
        || url == null
        || head.getRepositoryId() == null
        || head.getRepositoryId() != pullRequest.getRepositoryId()) {
      return Optional.empty();
    }
    return SandboxRecordCodec.address(url)
        .map(address -> new Head(address, head.getRef()))
        .filter(Head::isOurs)
        .map(of ->
            new SandboxInput.Seen(
                new PullRequestNumber(pullRequest.getRepositoryId(), pullRequest.getNumber()),
                of,
                head.getSha(),
                pullRequest.getState() == PullRequestState.OPEN));
  }
}
