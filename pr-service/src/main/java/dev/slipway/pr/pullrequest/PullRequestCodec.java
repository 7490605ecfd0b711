package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.pullrequest.Approved;
import dev.slipway.schemas.pullrequest.Base;
import dev.slipway.schemas.pullrequest.ChangesRequested;
import dev.slipway.schemas.pullrequest.ChecksChanged;
import dev.slipway.schemas.pullrequest.ChecksState;
import dev.slipway.schemas.pullrequest.Closed;
import dev.slipway.schemas.pullrequest.Head;
import dev.slipway.schemas.pullrequest.MarkedDraft;
import dev.slipway.schemas.pullrequest.MarkedReady;
import dev.slipway.schemas.pullrequest.Merged;
import dev.slipway.schemas.pullrequest.Opened;
import dev.slipway.schemas.pullrequest.Reopened;
import dev.slipway.schemas.pullrequest.Updated;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes records of `pull-request.events`.
public final class PullRequestCodec {
  private static final String SOURCE = "pr-service";

  private final Serializer<dev.slipway.schemas.pullrequest.PullRequestEvent> serializer;
  private final String topic;

  /// Writes with a serialiser that is configured.
  ///
  /// @param topic the name that the cluster knows the topic by
  public PullRequestCodec(
      Serializer<dev.slipway.schemas.pullrequest.PullRequestEvent> serializer, String topic) {
    this.serializer = serializer;
    this.topic = topic;
  }

  /// Asks the registry for the schema's id, so that no decision has to wait for it.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when it does not answer
  public void prepare() {
    var sample =
        new Announced(
            new UUID(0, 0),
            PullRequestEvent.Kind.UPDATED,
            null,
            1,
            Summary.of(PullRequest.unknown(0), Checks.NONE),
            null,
            new PullRequestEvent.Cause(new UUID(0, 0), Instant.EPOCH, null, null, ""));
    var _ = serialize(new RepositoryKey("", 0), sample);
  }

  /// The record of an event.
  ///
  /// @param traceparent of what it follows from
  public OutboxRecord record(
      RepositoryKey repository, Announced event, @Nullable String traceparent) {
    String key =
        PullRequestDecider.key(event.cause(), repository.repositoryId(), event.summary().number());
    return new OutboxRecord(
        Topics.PULL_REQUEST_EVENTS,
        key,
        new CloudEvent(
            event.id(),
            event.kind().type(),
            SOURCE,
            event.cause().at(),
            key,
            event.version(),
            traceparent),
        serialize(repository, event));
  }

  private byte[] serialize(RepositoryKey repository, Announced event) {
    var value =
        new dev.slipway.schemas.pullrequest.PullRequestEvent(
            new Context(repository.tenant(), null, null, null, null, null, null, null),
            pullRequest(repository, event),
            event.cause().actor(),
            event.cause().deliveryId(),
            body(event));
    return Objects.requireNonNull(serializer.serialize(topic, value));
  }

  private static Object body(Announced event) {
    return switch (event.kind()) {
      case OPENED -> new Opened();
      case UPDATED -> new Updated();
      case READY -> new MarkedReady();
      case DRAFT -> new MarkedDraft();
      case APPROVED -> new Approved(reviewId(event));
      case CHANGES_REQUESTED -> new ChangesRequested(reviewId(event));
      case CHECKS -> new ChecksChanged();
      case MERGED -> new Merged();
      case CLOSED -> new Closed();
      case REOPENED -> new Reopened();
    };
  }

  private static long reviewId(Announced event) {
    Long id = event.reviewId();
    if (id == null) {
      throw new PermanentException("an event about a review without its id", null);
    }
    return id;
  }

  private static dev.slipway.schemas.pullrequest.PullRequest pullRequest(
      RepositoryKey repository, Announced event) {
    Summary summary = event.summary();
    RepositoryName name = event.repository();
    Merge merge = summary.merge();
    return new dev.slipway.schemas.pullrequest.PullRequest(
        repository.repositoryId(),
        name == null ? null : name.fullName(),
        name == null ? null : name.url(),
        summary.number(),
        summary.githubId(),
        summary.nodeId(),
        summary.url(),
        summary.title(),
        summary.author(),
        dev.slipway.schemas.pullrequest.PullRequestState.valueOf(summary.state().name()),
        summary.draft(),
        summary.labels(),
        head(summary.head()),
        base(summary.base()),
        dev.slipway.schemas.pullrequest.ReviewDecision.valueOf(summary.reviewDecision().name()),
        checks(summary.checks()),
        merge == null ? null : merge.at(),
        merge == null ? null : merge.by(),
        merge == null ? null : merge.commitSha(),
        summary.closedAt(),
        summary.createdAt(),
        summary.updatedAt());
  }

  private static @Nullable Head head(Summary.@Nullable Head head) {
    return head == null ? null : new Head(head.ref(), head.sha(), head.repositoryId());
  }

  private static @Nullable Base base(Summary.@Nullable Base base) {
    return base == null ? null : new Base(base.ref(), base.sha());
  }

  private static dev.slipway.schemas.pullrequest.Checks checks(Checks checks) {
    return new dev.slipway.schemas.pullrequest.Checks(
        ChecksState.valueOf(checks.state().name()),
        checks.total(),
        checks.succeeded(),
        checks.failed(),
        checks.pending());
  }
}
