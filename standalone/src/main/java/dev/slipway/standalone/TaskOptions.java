package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a task is to be, as options say it. They win over what a file says.
final class TaskOptions {
  private static final String STANDARD = "-";
  private static final int MOST_BYTES = 4 << 20;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The task as JSON, as the API takes it; - for standard input.")
  @Nullable String file;

  @Option(names = "--title", description = "In one line.")
  @Nullable String title;

  @Option(names = "--description", paramLabel = "TEXT", description = "In as many as it takes.")
  @Nullable String description;

  @Option(
      names = "--command",
      paramLabel = "LINE",
      description = "For /bin/bash in the clone; they run one after another. Repeatable.")
  List<String> commands = List.of();

  @Option(
      names = "--cli",
      paramLabel = "LINE",
      description = "In place of commands: what calls a coding agent, in the clone.")
  @Nullable String cli;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What the agent is told.")
  @Nullable String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "File of what it is told; - for standard input.")
  @Nullable String promptFile;

  @Option(
      names = "--prompt-via",
      paramLabel = "stdin|file",
      description = "How it is told: file names it in SLIPWAY_PROMPT_FILE (default: stdin).")
  @Nullable String promptVia;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of the agent; a VALUE may be secret://file/… . Repeatable.")
  List<String> environment = List.of();

  @Option(names = "--base", paramLabel = "BRANCH", description = "Default: the repository's.")
  @Nullable String base;

  @Option(names = "--template", description = "What its sandbox begins with (default: base).")
  @Nullable String template;

  @Option(names = "--label", description = "Of its pull request. Repeatable.")
  List<String> labels = List.of();

  @Option(names = "--agent", paramLabel = "ID", description = "Who works at it.")
  @Nullable String agent;

  @Option(names = "--squad", paramLabel = "ID")
  @Nullable String squad;

  @Option(names = "--timeout", paramLabel = "TIME", description = "For the whole (default: 1h).")
  @Nullable Duration timeout;

  @Option(names = "--sandbox-timeout", paramLabel = "TIME", description = "For its sandbox.")
  @Nullable Duration sandboxTimeout;

  @Option(
      names = "--pr-title",
      paramLabel = "TEXT",
      description =
          "Of its pull request; knows {{title}}, {{description}}, {{task_id}}, {{execution_id}}.")
  @Nullable String prTitle;

  @Option(names = "--pr-body", paramLabel = "TEXT", description = "Likewise.")
  @Nullable String prBody;

  @Option(names = "--draft", description = "Open it as a draft.")
  boolean draft;

  /// The task as the API takes it, without its repository and its execution.
  ///
  /// @throws CommandFailedException when the options do not go together
  Map<String, Object> request(InputStream standardInput) throws IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    if (file != null) {
      request.putAll(object(text("--file", file, standardInput)));
    }
    put(request, "title", title);
    put(request, "description", description);
    Map<String, Object> runner = runner(standardInput);
    if (!runner.isEmpty()) {
      request.put("runner", runner);
    }
    put(request, "base_branch", base);
    put(request, "template", template);
    put(request, "agent_id", agent);
    put(request, "squad_id", squad);
    put(request, "timeout_seconds", seconds("--timeout", timeout));
    put(request, "sandbox_seconds", seconds("--sandbox-timeout", sandboxTimeout));
    if (!labels.isEmpty()) {
      request.put("labels", labels);
    }
    pullRequest(request);
    for (String field : List.of("title", "runner")) {
      if (!request.containsKey(field)) {
        throw usage("a task needs --title, and --command or --cli; or a --file that has them");
      }
    }
    return request;
  }

  private Map<String, Object> runner(InputStream standardInput) throws IOException {
    Map<String, Object> runner = new LinkedHashMap<>();
    boolean ofCli = prompt != null || promptFile != null || promptVia != null;
    if ((!commands.isEmpty() && cli != null) || (prompt != null && promptFile != null)) {
      throw usage("--command and --cli, --prompt and --prompt-file are one or the other");
    }
    if (cli == null && (ofCli || !environment.isEmpty())) {
      throw usage("--prompt, --prompt-file, --prompt-via and --env belong to --cli");
    }
    if (!commands.isEmpty()) {
      runner.put("type", "commands");
      runner.put("commands", commands);
    } else if (cli != null) {
      runner.put("type", "cli");
      runner.put("command_line", cli);
      runner.put("environment", Sandboxes.pairs("--env", environment));
      put(runner, "prompt", prompt);
      if (promptFile != null) {
        runner.put("prompt", text("--prompt-file", promptFile, standardInput));
      }
      put(runner, "prompt_via", promptVia);
    }
    return runner;
  }

  private void pullRequest(Map<String, Object> request) {
    Map<String, Object> texts = new LinkedHashMap<>();
    put(texts, "title", prTitle);
    put(texts, "body", prBody);
    if (draft) {
      texts.put("draft", true);
    }
    if (!texts.isEmpty()) {
      request.put("pull_request", texts);
    }
  }

  private static void put(Map<String, Object> request, String field, @Nullable Object value) {
    if (value != null) {
      request.put(field, value);
    }
  }

  private static @Nullable Long seconds(String option, @Nullable Duration given) {
    return given == null ? null : Sandboxes.seconds(option, given);
  }

  private static Map<String, Object> object(String json) {
    try {
      JsonNode read = JsonMapper.shared().readTree(json);
      Map<String, Object> fields = new LinkedHashMap<>();
      read.propertyStream().forEach(field -> fields.put(field.getKey(), field.getValue()));
      if (read.isObject()) {
        return fields;
      }
    } catch (JacksonException _) {
      // told below
    }
    throw usage("--file must hold one JSON object");
  }

  /// The text of a file, `-` for standard input.
  static String text(String option, String source, InputStream standardInput) throws IOException {
    try (InputStream in =
        source.equals(STANDARD) ? standardInput : Files.newInputStream(Path.of(source))) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw usage(option + " takes at most 4 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw usage(option + " takes text (UTF-8)");
    } catch (IOException _) {
      throw usage("%s: cannot read %s".formatted(option, source));
    }
  }

  private static CommandFailedException usage(String message) {
    return new CommandFailedException(ExitCode.USAGE, message);
  }
}
