package dev.slipway.standalone;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// One live event as one line for people: time, type, what it is about, what it says.
final class EventLine {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private EventLine() {}

  /// Leaves out what the event does not have.
  static String of(JsonNode event, ZoneId zone) {
    JsonNode data = event.path("data");
    StringJoiner line = new StringJoiner("  ");
    line.add(time(event.path("time").asString(""), zone));
    line.add(String.format(Locale.ROOT, "%-30s", text(event.path("type"))));
    add(line, "", subject(data), "");
    add(line, "", text(data.path("title")), "");
    add(line, "", text(data.path("step")), "");
    add(line, "", text(data.path("progress_percent")), "%");
    add(line, "", text(data.path("message")), "");
    add(line, "", text(data.path("text")), "");
    add(line, "exit ", text(data.path("exit_code")), "");
    add(line, "by ", text(data.path("actor")), "");
    add(line, "failed: ", text(data.path("failure").path("code")), "");
    return line.toString().stripTrailing();
  }

  private static String subject(JsonNode data) {
    JsonNode repository = data.path("repository");
    String name = text(repository.isObject() ? repository.path("full_name") : repository);
    String number = text(data.path("number"));
    if (!name.isEmpty()) {
      return number.isEmpty() ? name : name + "#" + number;
    }
    for (String id : new String[] {"task_id", "sandbox_id", "operation_id", "session_id"}) {
      if (!text(data.path(id)).isEmpty()) {
        return text(data.path(id));
      }
    }
    return "";
  }

  private static void add(StringJoiner line, String before, String text, String after) {
    if (!text.isEmpty()) {
      line.add(before + text + after);
    }
  }

  private static String time(String text, ZoneId zone) {
    try {
      return TIME.format(Instant.parse(text).atZone(zone));
    } catch (DateTimeException _) {
      return "--:--:--.---";
    }
  }

  /// Without what would end the line; [HarmlessWriter] sees to the rest.
  private static String text(JsonNode node) {
    return node.isValueNode() && !node.isNull()
        ? node.asString("").replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\s]+", " ").strip()
        : "";
  }
}
