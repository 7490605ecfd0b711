package dev.slipway.pipeline.live;

import dev.slipway.schemas.context.Context;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Writes events as clients get them: one object on one line, every key always there.
public final class EventJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private EventJson() {}

  /// What every event has besides its data.
  ///
  /// @param sequence version of the aggregate; null when it is no aggregate's event
  public record Head(UUID id, String type, Instant time, @Nullable Long sequence) {}

  /// An event.
  ///
  /// @param data writes the properties of `data`
  public static byte[] write(Head head, Context context, Consumer<JsonGenerator> data) {
    var bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringProperty("id", head.id().toString());
      json.writeStringProperty("type", head.type());
      time(json, "time", head.time());
      number(json, "sequence", head.sequence());
      json.writeObjectPropertyStart("context");
      write(json, context);
      json.writeEndObject();
      json.writeObjectPropertyStart("data");
      data.accept(json);
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Context context) {
    json.writeStringProperty("tenant", context.getTenant());
    text(json, "user_id", context.getUserId());
    text(json, "task_id", context.getTaskId());
    text(json, "execution_id", context.getExecutionId());
    text(json, "squad_id", context.getSquadId());
    text(json, "agent_id", context.getAgentId());
    text(json, "session_id", context.getSessionId());
    text(json, "sandbox_id", context.getSandboxId());
  }

  /// A property whose value may be null.
  public static void text(JsonGenerator json, String name, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value);
    }
  }

  /// A property whose value may be null.
  public static void number(JsonGenerator json, String name, @Nullable Long value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeNumberProperty(name, value);
    }
  }

  /// Why something failed, as people are told.
  public record Failed(String code, String message, boolean retryable, Instant at) {}

  /// The property `failure`, which may be null.
  public static void failure(JsonGenerator json, @Nullable Failed failure) {
    if (failure == null) {
      json.writeNullProperty("failure");
      return;
    }
    json.writeObjectPropertyStart("failure");
    json.writeStringProperty("code", failure.code());
    json.writeStringProperty("message", failure.message());
    json.writeBooleanProperty("retryable", failure.retryable());
    time(json, "at", failure.at());
    json.writeEndObject();
  }

  /// A property that is a time.
  public static void time(JsonGenerator json, String name, Instant value) {
    json.writeStringProperty(name, MILLIS.format(value));
  }
}
