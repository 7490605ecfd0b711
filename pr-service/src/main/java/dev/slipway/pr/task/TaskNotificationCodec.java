package dev.slipway.pr.task;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.EventJson.Head;
import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.publish.NotificationRenderer;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.task.Failure;
import dev.slipway.schemas.task.TaskEvent;
import dev.slipway.schemas.task.TaskPullRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Makes of events of `task.events` what the public sees of them; refusals are none of the
/// public's.
public final class TaskNotificationCodec implements NotificationRenderer {
  private static final Set<String> TYPES =
      Set.of(
          "task.created",
          "task.assigned",
          "task.step",
          "task.in_review",
          "task.done",
          "task.failed",
          "task.cancelled",
          "task.closed",
          "task.retried");

  private final Deserializer<TaskEvent> deserializer;

  /// Reads with a deserialiser that is configured.
  TaskNotificationCodec(Deserializer<TaskEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<PublicEvent> render(
      String topic, String tenant, CloudEvent envelope, byte[] value) {
    return topic.equals(Topics.TASK_EVENTS.name()) && TYPES.contains(envelope.type())
        ? Optional.of(render(envelope, deserializer.deserialize(topic, value)))
        : Optional.empty();
  }

  /// Pure.
  static PublicEvent render(CloudEvent envelope, TaskEvent event) {
    var head = new Head(envelope.id(), envelope.type(), envelope.time(), envelope.sequence());
    return new PublicEvent(
        event.getContext(),
        new MercureTopics(event.getContext().getTenant()).of(event.getContext()),
        envelope.type(),
        EventJson.write(head, event.getContext(), json -> write(json, event, envelope.time())));
  }

  private static void write(JsonGenerator json, TaskEvent event, Instant at) {
    EventJson.text(json, "task_id", event.getContext().getTaskId());
    json.writeStringProperty("state", event.getState().name());
    EventJson.text(json, "step", event.getStep() == null ? null : event.getStep().name());
    json.writeNumberProperty("progress_percent", event.getProgressPercent());
    json.writeStringProperty("message", event.getMessage());
    write(json, event.getPullRequest());
    Failure failure = event.getFailure();
    EventJson.failure(
        json,
        failure == null
            ? null
            : new EventJson.Failed(
                failure.getCode(), failure.getMessage(), failure.getRetryable(), at));
  }

  private static void write(JsonGenerator json, @Nullable TaskPullRequest pullRequest) {
    if (pullRequest == null) {
      json.writeNullProperty("pull_request");
      return;
    }
    json.writeObjectPropertyStart("pull_request");
    json.writeNumberProperty("number", pullRequest.getNumber());
    json.writeStringProperty("url", pullRequest.getUrl());
    json.writeStringProperty("state", pullRequest.getState().name());
    json.writeEndObject();
  }
}
