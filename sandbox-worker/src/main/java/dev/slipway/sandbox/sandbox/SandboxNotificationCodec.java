package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.EventJson;
import dev.slipway.pipeline.live.EventJson.Head;
import dev.slipway.pipeline.live.MercureTopics;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.publish.NotificationRenderer;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandResult;
import dev.slipway.schemas.sandbox.CommandStarted;
import dev.slipway.schemas.sandbox.Failure;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitFailed;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxFailed;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Makes of events of `sandbox.events` what the public sees of them; some are none of the public's.
public final class SandboxNotificationCodec implements NotificationRenderer {
  private static final double MILLIS = 1_000;
  private static final Set<String> OF_SANDBOXES =
      Set.of(
          "sandbox.requested",
          "sandbox.created",
          "sandbox.running",
          "sandbox.paused",
          "sandbox.resumed",
          "sandbox.terminating",
          "sandbox.terminated",
          "sandbox.failed");
  private static final Set<String> OF_OPERATIONS =
      Set.of(
          "command.started",
          "command.completed",
          "git.cloned",
          "git.branch_created",
          "git.committed",
          "git.pushed",
          "git.failed");

  private final Deserializer<SandboxEvent> deserializer;

  /// Reads with a deserialiser that is configured.
  SandboxNotificationCodec(Deserializer<SandboxEvent> deserializer) {
    this.deserializer = deserializer;
  }

  @Override
  public Optional<PublicEvent> render(
      String topic, String tenant, CloudEvent envelope, byte[] value) {
    if (!topic.equals(Topics.SANDBOX_EVENTS.name())
        || !(OF_SANDBOXES.contains(envelope.type()) || OF_OPERATIONS.contains(envelope.type()))) {
      return Optional.empty();
    }
    return Optional.of(render(envelope, deserializer.deserialize(topic, value)));
  }

  /// Pure.
  static PublicEvent render(CloudEvent envelope, SandboxEvent event) {
    var head = new Head(envelope.id(), envelope.type(), envelope.time(), envelope.sequence());
    return new PublicEvent(
        event.getContext(),
        new MercureTopics(event.getContext().getTenant()).of(event.getContext()),
        envelope.type(),
        EventJson.write(head, event.getContext(), json -> write(json, event, envelope.time())));
  }

  private static void write(JsonGenerator json, SandboxEvent event, Instant at) {
    String sandboxId = event.getContext().getSandboxId();
    switch (event.getBody()) {
      case CommandStarted started -> {
        json.writeStringProperty("operation_id", started.getOperationId().toString());
        EventJson.text(json, "sandbox_id", sandboxId);
        json.writeStringProperty("command", started.getCommand());
      }
      case CommandCompleted completed -> completed(json, sandboxId, completed, at);
      case GitCloned cloned -> {
        begin(json, cloned.getOperationId());
        json.writeStringProperty("path", cloned.getPath());
        json.writeStringProperty("branch", cloned.getBranch());
        json.writeStringProperty("head_sha", cloned.getHeadSha());
        end(json);
      }
      case GitBranchCreated created -> {
        begin(json, created.getOperationId());
        json.writeStringProperty("branch", created.getBranch());
        json.writeStringProperty("head_sha", created.getHeadSha());
        end(json);
      }
      case GitCommitted committed -> {
        begin(json, committed.getOperationId());
        json.writeStringProperty("sha", committed.getSha());
        json.writeNumberProperty("files_changed", committed.getFilesChanged());
        end(json);
      }
      case GitPushed pushed -> {
        begin(json, pushed.getOperationId());
        json.writeStringProperty("branch", pushed.getBranch());
        json.writeStringProperty("sha", pushed.getSha());
        end(json);
      }
      case GitFailed failed -> {
        json.writeStringProperty("operation_id", failed.getOperationId().toString());
        json.writeNullProperty("result");
        failure(json, failed.getFailure(), at);
      }
      default -> {
        EventJson.text(json, "sandbox_id", sandboxId);
        json.writeStringProperty("state", event.getState().name());
        EventJson.text(
            json,
            "kill_reason",
            event.getKillReason() == null
                ? null
                : event.getKillReason().name().toLowerCase(Locale.ROOT));
        json.writeNumberProperty("runtime_seconds", event.getRuntimeMillis() / MILLIS);
        failure(
            json, event.getBody() instanceof SandboxFailed failed ? failed.getFailure() : null, at);
      }
    }
  }

  private static void begin(JsonGenerator json, UUID operation) {
    json.writeStringProperty("operation_id", operation.toString());
    json.writeObjectPropertyStart("result");
  }

  private static void end(JsonGenerator json) {
    json.writeEndObject();
    json.writeNullProperty("failure");
  }

  private static void completed(
      JsonGenerator json, @Nullable String sandboxId, CommandCompleted completed, Instant at) {
    CommandResult result = completed.getResult();
    json.writeStringProperty("operation_id", completed.getOperationId().toString());
    EventJson.text(json, "sandbox_id", sandboxId);
    if (result == null || result.getExitCode() == null) {
      json.writeNullProperty("exit_code");
    } else {
      json.writeNumberProperty("exit_code", result.getExitCode());
    }
    EventJson.text(json, "signal", result == null ? null : result.getSignal());
    EventJson.number(json, "duration_ms", result == null ? null : result.getDurationMillis());
    json.writeBooleanProperty("truncated", result != null && result.getTruncated());
    json.writeBooleanProperty("cancelled", completed.getCancelled());
    failure(json, completed.getFailure(), at);
  }

  private static void failure(JsonGenerator json, @Nullable Failure failure, Instant at) {
    EventJson.failure(
        json,
        failure == null
            ? null
            : new EventJson.Failed(
                failure.getCode(), failure.getMessage(), failure.getRetryable(), at));
  }
}
