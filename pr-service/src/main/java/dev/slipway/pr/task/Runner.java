package dev.slipway.pr.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done in the clone.
sealed interface Runner {
  /// Where a prompt is that comes in a file.
  String PROMPT_FILE = "/home/user/.slipway/prompt.md";

  /// Takes it from standard input.
  String WRITE_PROMPT = "mkdir -p /home/user/.slipway && cat > %s".formatted(PROMPT_FILE);

  /// The commands that it comes to, in order: the first that fails ends the task.
  List<Line> lines();

  /// One command.
  ///
  /// @param command for `/bin/bash -l -c`
  /// @param stdin null for none
  record Line(String command, Map<String, String> environment, @Nullable String stdin) {
    public Line {
      environment = Map.copyOf(environment);
    }

    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Line[]";
    }
  }

  /// Shell commands, one after the other.
  record Commands(List<String> commands) implements Runner {
    public Commands {
      commands = List.copyOf(commands);
    }

    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Commands[%d]".formatted(commands.size());
    }

    @Override
    public List<Line> lines() {
      return commands.stream().map(command -> new Line(command, Map.of(), null)).toList();
    }
  }

  /// A program for the command line, such as a coding agent.
  ///
  /// @param environment values, or references to the tenant's secrets
  /// @param prompt what it is to do; null for nothing
  record Cli(
      String commandLine,
      Map<String, String> environment,
      @Nullable String prompt,
      PromptVia promptVia)
      implements Runner {
    public Cli {
      environment = Map.copyOf(environment);
    }

    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Cli[]";
    }

    @Override
    public List<Line> lines() {
      if (prompt == null || promptVia == PromptVia.STDIN) {
        return List.of(new Line(commandLine, environment, prompt));
      }
      return List.of(
          new Line(WRITE_PROMPT, Map.of(), prompt), new Line(commandLine, withFile(), null));
    }

    private Map<String, String> withFile() {
      var all = new HashMap<>(environment);
      all.put("SLIPWAY_PROMPT_FILE", PROMPT_FILE);
      return all;
    }
  }

  /// How a program gets its prompt.
  enum PromptVia {
    STDIN,
    FILE
  }
}
