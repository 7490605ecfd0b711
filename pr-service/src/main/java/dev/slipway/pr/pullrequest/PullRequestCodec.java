package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.schemas.Topic;
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
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes records of `pull-request.events`.
///
/// @param <S> what the repository is found in
/// @param <E> what its events are found in
public final class PullRequestCodec<S, E> implements EventCodec<S, E> {
  private final Serializer<dev.slipway.schemas.pullrequest.PullRequestEvent> serializer;
  private final String topic;
  private final Function<S, Repository> repository;
  private final Function<E, @Nullable PullRequestEvent> event;

  /// Writes with a serialiser that is configured.
  ///
  /// @param topic the name that the cluster knows the topic by
  public PullRequestCodec(
      Serializer<dev.slipway.schemas.pullrequest.PullRequestEvent> serializer,
      String topic,
      Function<S, Repository> repository,
      Function<E, @Nullable PullRequestEvent> event) {
    this.serializer = serializer;
    this.topic = topic;
    this.repository = repository;
    this.event = event;
  }

  @Override
  public Topic topic() {
    return Topics.PULL_REQUEST_EVENTS;
  }

  @Override
  public String source() {
    return "pr-service";
  }

  @Override
  public @Nullable String type(E of) {
    return event.apply(of) instanceof Announced announced ? announced.kind().type() : null;
  }

  @Override
  public String key(AggregateId id, E of) {
    Announced announced = announced(of);
    return announced.cause().keyPrefix() + id.key() + "#" + announced.summary().number();
  }

  /// A repository has many keys: what counts is the pull request's own version.
  @Override
  public long version(S state, long stored, String topicKey) {
    long number = Long.parseLong(topicKey.substring(topicKey.lastIndexOf('#') + 1));
    return repository.apply(state).pullRequest(number).version();
  }

  @Override
  public byte[] encode(AggregateId id, S after, Numbered<E> of) {
    Announced announced = announced(of.event());
    return encode(
        RepositoryKey.of(id),
        announced,
        repository.apply(after).owner(RepositoryKey.of(id).repositoryId(), announced.summary()));
  }

  /// Asks the registry for the schema's id, so that no decision has to wait for it.
  @Override
  public void prepare() {
    var sample =
        new Announced(
            PullRequestEvent.Kind.UPDATED,
            null,
            Summary.of(PullRequest.unknown(0), Checks.NONE),
            null,
            new PullRequestEvent.Cause(null, null, ""));
    var _ = encode(new RepositoryKey("", 0), sample, null);
  }

  private Announced announced(E of) {
    if (event.apply(of) instanceof Announced announced) {
      return announced;
    }
    throw new IllegalArgumentException("it is not published");
  }

  private byte[] encode(RepositoryKey key, Announced announced, @Nullable Owner owner) {
    var value =
        new dev.slipway.schemas.pullrequest.PullRequestEvent(
            context(key.tenant(), owner),
            pullRequest(key, announced),
            announced.cause().actor(),
            announced.cause().deliveryId(),
            body(announced));
    return Objects.requireNonNull(serializer.serialize(topic, value));
  }

  private static Context context(String tenant, @Nullable Owner owner) {
    return owner == null
        ? new Context(tenant, null, null, null, null, null, null, null)
        : new Context(
            tenant,
            owner.userId(),
            owner.taskId(),
            owner.executionId(),
            owner.squadId(),
            owner.agentId(),
            owner.sessionId(),
            owner.sandboxId());
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
