package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FileEntry;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessExit;
import dev.slipway.sandbox.provider.RunningProcess;
import dev.slipway.sandbox.provider.Signal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The messages of envd's services `process.Process` and `filesystem.Filesystem`. Reading throws
/// [UnreadableAnswerException].
final class EnvdJson {
  private static final String SIGNAL_PREFIX = "signal: ";

  private EnvdJson() {}

  static ObjectNode start(Command command) {
    ObjectNode process = E2bJson.object().put("cmd", command.argv().getFirst());
    process.set("args", E2bJson.tree(command.argv().subList(1, command.argv().size())));
    process.set("envs", E2bJson.tree(command.environment()));
    if (command.directory() != null) {
      process.put("cwd", command.directory());
    }
    ObjectNode message = E2bJson.object();
    message.set("process", process);
    return message.put("stdin", command.takesStdin());
  }

  /// What says which process is meant; other fields go beside it.
  static ObjectNode process(long pid) {
    ObjectNode message = E2bJson.object();
    message.set("process", E2bJson.object().put("pid", pid));
    return message;
  }

  static ObjectNode input(long pid, byte[] bytes) {
    ObjectNode message = process(pid);
    message.set("input", E2bJson.object().put("stdin", Base64.getEncoder().encodeToString(bytes)));
    return message;
  }

  static ObjectNode signal(long pid, Signal signal) {
    return process(pid)
        .put(
            "signal",
            switch (signal) {
              case TERM -> "SIGNAL_SIGTERM";
              case KILL -> "SIGNAL_SIGKILL";
            });
  }

  static JsonNode read(byte[] json) {
    return E2bJson.tryRead(json).orElseThrow(() -> new UnreadableAnswerException("is no JSON"));
  }

  /// The process's id, when this is the event of its start.
  static Optional<Long> started(JsonNode message) {
    JsonNode start = message.path("event").path("start");
    return start.isObject() ? Optional.of(E2bJson.number(start, "pid")) : Optional.empty();
  }

  /// Empty for signs of life and whatever else is not for us.
  static Optional<ProcessEvent> event(JsonNode message) {
    JsonNode event = message.path("event");
    JsonNode end = event.path("end");
    if (end.isObject()) {
      return Optional.of(new ProcessEvent.Ended(exit(end)));
    }
    JsonNode data = event.path("data");
    return E2bJson.text(data, "stdout")
        .map(text -> output(ProcessEvent.Channel.STDOUT, text))
        .or(() ->
            E2bJson.text(data, "stderr").map(text -> output(ProcessEvent.Channel.STDERR, text)));
  }

  private static ProcessEvent output(ProcessEvent.Channel channel, String base64) {
    try {
      // Proto JSON allows either alphabet.
      String standard = base64.replace('-', '+').replace('_', '/');
      return new ProcessEvent.Output(channel, Base64.getDecoder().decode(standard));
    } catch (IllegalArgumentException _) {
      throw new UnreadableAnswerException("has output that is no Base64");
    }
  }

  private static ProcessExit exit(JsonNode end) {
    int code = (int) E2bJson.number(end, "exitCode");
    String status = E2bJson.text(end, "status").orElse("");
    boolean wasSignalled = !end.path("exited").asBoolean(false) && status.startsWith(SIGNAL_PREFIX);
    return wasSignalled || code < 0
        ? new ProcessExit.Signalled(
            status.startsWith(SIGNAL_PREFIX) ? status.substring(SIGNAL_PREFIX.length()) : "unknown")
        : new ProcessExit.Code(code);
  }

  static List<RunningProcess> processes(JsonNode message) {
    List<RunningProcess> processes = new ArrayList<>();
    for (JsonNode process : message.path("processes")) {
      JsonNode config = process.path("config");
      List<String> argv = new ArrayList<>();
      argv.add(E2bJson.text(config, "cmd").orElse(""));
      config.path("args").forEach(argument -> argv.add(argument.asString("")));
      processes.add(
          new RunningProcess(
              E2bJson.number(process, "pid"), argv, E2bJson.text(config, "cwd").orElse(null)));
    }
    return List.copyOf(processes);
  }

  static FileEntry entry(JsonNode message) {
    JsonNode entry = message.path("entry");
    if (!entry.isObject()) {
      throw new UnreadableAnswerException("has no entry");
    }
    return fileEntry(entry);
  }

  static List<FileEntry> entries(JsonNode message) {
    List<FileEntry> entries = new ArrayList<>();
    message.path("entries").forEach(entry -> entries.add(fileEntry(entry)));
    return List.copyOf(entries);
  }

  private static FileEntry fileEntry(JsonNode entry) {
    return new FileEntry(
        E2bJson.text(entry, "name").orElse(""),
        E2bJson.text(entry, "path")
            .orElseThrow(() -> new UnreadableAnswerException("has an entry without path")),
        switch (entry.path("type").asString("")) {
          case "FILE_TYPE_FILE", "1" -> FileEntry.Kind.FILE;
          case "FILE_TYPE_DIRECTORY", "2" -> FileEntry.Kind.DIRECTORY;
          default -> FileEntry.Kind.OTHER;
        },
        E2bJson.number(entry, "size"),
        (int) E2bJson.number(entry, "mode"),
        E2bJson.text(entry, "owner").orElse(""),
        E2bJson.text(entry, "group").orElse(""),
        modifiedAt(entry),
        E2bJson.text(entry, "symlinkTarget").orElse(null));
  }

  private static Instant modifiedAt(JsonNode entry) {
    try {
      return E2bJson.text(entry, "modifiedTime")
          .map(text -> OffsetDateTime.parse(text).toInstant())
          .orElse(Instant.EPOCH);
    } catch (DateTimeException _) {
      throw new UnreadableAnswerException("has an entry without time");
    }
  }
}
