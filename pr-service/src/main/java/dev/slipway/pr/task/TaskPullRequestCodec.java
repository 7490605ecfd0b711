package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Input;
import dev.slipway.pipeline.stage.RecordDecoder;
import dev.slipway.schemas.pullrequest.Head;
import dev.slipway.schemas.pullrequest.PullRequest;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.pullrequest.PullRequestState;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// Reads records of `pull-request.events`: each is told to the task that has its number, and to the
/// one whose branch is its head. A fork's branch is nobody's, also when it bears the name of one of
/// ours.
final class TaskPullRequestCodec implements RecordDecoder<TaskInput> {
  private static final String TYPES = "pull_request.";

  private final Deserializer<PullRequestEvent> deserializer;

  TaskPullRequestCodec(Deserializer<PullRequestEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<Input<TaskInput>> decode(
      ConsumerRecord<byte[], byte[]> record, CloudEvent envelope) {
    if (!envelope.type().startsWith(TYPES)) {
      return Optional.empty();
    }
    if (record.value() == null) {
      throw new PermanentException("no value", null);
    }
    PullRequestEvent event =
        deserializer.deserialize(record.topic(), record.headers(), record.value());
    PullRequest shown = event.getPullRequest();
    if (shown.getState() == PullRequestState.UNKNOWN) {
      return Optional.empty(); // a later build may know it
    }
    return Optional.of(
        Input.toLinked(
            links(event.getContext().getTenant(), shown),
            new TaskInput.Seen(
                new TaskPullRequest(
                    shown.getNumber(),
                    shown.getUrl() == null ? "" : shown.getUrl(),
                    TaskPullRequest.State.valueOf(shown.getState().name())))));
  }

  private static Set<Link> links(String tenant, PullRequest shown) {
    long repository = shown.getRepositoryId();
    var links = new HashSet<Link>();
    links.add(TaskStage.ofNumber(tenant, repository, shown.getNumber()));
    Head head = shown.getHead();
    if (head != null && head.getRepositoryId() != null && head.getRepositoryId() == repository) {
      links.add(TaskStage.ofHead(tenant, repository, head.getRef()));
    }
    return links;
  }
}
