package dev.slipway.pr.task;

import dev.slipway.web.ApiException;
import dev.slipway.web.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is done in the clone, as the API takes it: of type `commands` or `cli`, each with keys of
/// its own.
record RunnerJson(
    @Nullable String type,
    @Nullable List<@Nullable String> commands,
    @Nullable String commandLine,
    @Nullable Map<String, @Nullable String> environment,
    @Nullable String prompt,
    @Nullable String promptVia) {
  /// What it comes to.
  ///
  /// @throws ApiException 422 when it is none
  Runner runner() {
    return switch (type) {
      case "commands" -> ofCommands();
      case "cli" -> ofCli();
      case null ->
          throw ApiException.invalid(
              "runner.type", "required", "It must be \"commands\" or \"cli\".");
      default ->
          throw ApiException.invalid(
              "runner.type", "wrong_type", "It must be \"commands\" or \"cli\".");
    };
  }

  private Runner ofCommands() {
    var foreign = new LinkedHashMap<String, @Nullable Object>();
    foreign.put("command_line", commandLine);
    foreign.put("environment", environment);
    foreign.put("prompt", prompt);
    foreign.put("prompt_via", promptVia);
    refuse(foreign);
    if (commands == null) {
      throw ApiException.invalid("runner.commands", "required", "They must be given.");
    }
    return new Runner.Commands(texts("runner.commands", commands));
  }

  private Runner ofCli() {
    var foreign = new LinkedHashMap<String, @Nullable Object>();
    foreign.put("commands", commands);
    refuse(foreign);
    if (commandLine == null) {
      throw ApiException.invalid("runner.command_line", "required", "It must be given.");
    }
    return new Runner.Cli(commandLine, texts(environment), prompt, via());
  }

  private Runner.PromptVia via() {
    return switch (promptVia) {
      case "stdin" -> Runner.PromptVia.STDIN;
      case "file" -> Runner.PromptVia.FILE;
      case null -> Runner.PromptVia.STDIN;
      default ->
          throw ApiException.invalid(
              "runner.prompt_via", "wrong_type", "It must be \"stdin\" or \"file\".");
    };
  }

  /// What the other type has.
  private static void refuse(Map<String, @Nullable Object> foreign) {
    var found = new ArrayList<FieldError>();
    foreign.forEach((field, value) -> {
      if (value != null) {
        found.add(
            new FieldError(
                "runner." + field, "unknown_field", "A runner of this type has no such field."));
      }
    });
    if (!found.isEmpty()) {
      throw ApiException.invalid(found);
    }
  }

  /// A list of strings.
  ///
  /// @throws ApiException 422 when one of them is null
  static List<String> texts(String field, List<@Nullable String> given) {
    if (given.stream().anyMatch(Objects::isNull)) {
      throw ApiException.invalid(field, "wrong_type", "They must be strings.");
    }
    return given.stream().filter(Objects::nonNull).toList();
  }

  private static Map<String, String> texts(@Nullable Map<String, @Nullable String> given) {
    if (given == null) {
      return Map.of();
    }
    if (given.containsValue(null)) {
      throw ApiException.invalid("runner.environment", "wrong_type", "Its values must be strings.");
    }
    return Map.copyOf(given);
  }
}
