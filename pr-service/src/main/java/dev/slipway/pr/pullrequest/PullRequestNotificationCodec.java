package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.EventJson.Head;
import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.publish.NotificationRenderer;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.pullrequest.Base;
import dev.slipway.schemas.pullrequest.Checks;
import dev.slipway.schemas.pullrequest.PullRequest;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Makes of events of `pull-request.events` what the public sees of them.
public final class PullRequestNotificationCodec implements NotificationRenderer {
  private static final Set<String> TYPES =
      Set.of(
          "pull_request.opened",
          "pull_request.updated",
          "pull_request.ready",
          "pull_request.draft",
          "pull_request.approved",
          "pull_request.changes_requested",
          "pull_request.checks",
          "pull_request.merged",
          "pull_request.closed",
          "pull_request.reopened");

  private final Deserializer<PullRequestEvent> deserializer;

  /// Reads with a deserialiser that is configured.
  public PullRequestNotificationCodec(Deserializer<PullRequestEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<PublicEvent> render(
      String topic, String tenant, CloudEvent envelope, byte[] value) {
    if (!topic.equals(Topics.PULL_REQUEST_EVENTS.name())) {
      return Optional.empty();
    }
    if (!TYPES.contains(envelope.type())) {
      throw new PermanentException("events of type " + envelope.type() + " are not known", null);
    }
    return Optional.of(render(envelope, deserializer.deserialize(topic, value)));
  }

  /// Pure.
  static PublicEvent render(CloudEvent envelope, PullRequestEvent event) {
    var head = new Head(envelope.id(), envelope.type(), envelope.time(), envelope.sequence());
    return new PublicEvent(
        event.getContext(),
        topics(event),
        envelope.type(),
        EventJson.write(head, event.getContext(), json -> write(json, event)));
  }

  private static List<String> topics(PullRequestEvent event) {
    PullRequest pullRequest = event.getPullRequest();
    String repository = pullRequest.getRepositoryFullName();
    var names = new MercureTopics(event.getContext().getTenant());
    var topics = new ArrayList<String>();
    if (repository != null) {
      topics.add(names.repository(repository));
      topics.add(names.pullRequest(repository, pullRequest.getNumber()));
    }
    topics.addAll(names.of(event.getContext()));
    return topics;
  }

  private static void write(JsonGenerator json, PullRequestEvent event) {
    Context context = event.getContext();
    PullRequest pullRequest = event.getPullRequest();
    json.writeObjectPropertyStart("repository");
    json.writeNumberProperty("id", pullRequest.getRepositoryId());
    EventJson.text(json, "full_name", pullRequest.getRepositoryFullName());
    EventJson.text(json, "url", pullRequest.getRepositoryUrl());
    json.writeEndObject();
    json.writeNumberProperty("number", pullRequest.getNumber());
    EventJson.text(json, "url", pullRequest.getUrl());
    EventJson.text(json, "title", pullRequest.getTitle());
    json.writeStringProperty("state", pullRequest.getState().name());
    json.writeBooleanProperty("draft", pullRequest.getDraft());
    write(json, pullRequest.getHead());
    write(json, pullRequest.getBase());
    EventJson.text(json, "actor", event.getActor());
    json.writeStringProperty("review_decision", pullRequest.getReviewDecision().name());
    write(json, pullRequest.getChecks());
    EventJson.text(json, "merge_commit_sha", pullRequest.getMergeCommitSha());
    EventJson.text(json, "task_id", context.getTaskId());
    EventJson.text(
        json,
        "delivery_id",
        event.getDeliveryId() == null ? null : event.getDeliveryId().toString());
  }

  private static void write(
      JsonGenerator json, dev.slipway.schemas.pullrequest.@Nullable Head head) {
    if (head == null) {
      json.writeNullProperty("head");
      return;
    }
    json.writeObjectPropertyStart("head");
    json.writeStringProperty("ref", head.getRef());
    json.writeStringProperty("sha", head.getSha());
    EventJson.number(json, "repository_id", head.getRepositoryId());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable Base base) {
    if (base == null) {
      json.writeNullProperty("base");
      return;
    }
    json.writeObjectPropertyStart("base");
    json.writeStringProperty("ref", base.getRef());
    EventJson.text(json, "sha", base.getSha());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Checks checks) {
    json.writeObjectPropertyStart("checks");
    json.writeStringProperty("state", checks.getState().name());
    json.writeNumberProperty("total", checks.getTotal());
    json.writeNumberProperty("succeeded", checks.getSucceeded());
    json.writeNumberProperty("failed", checks.getFailed());
    json.writeNumberProperty("pending", checks.getPending());
    json.writeEndObject();
  }
}
