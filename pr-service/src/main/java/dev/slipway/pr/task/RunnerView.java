package dev.slipway.pr.task;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done in the clone, as the API shows it. Of secrets it has references, as it was given
/// them.
sealed interface RunnerView {
  /// Which of the two it is.
  String type();

  /// Shell commands, one after the other.
  record Commands(String type, List<String> commands) implements RunnerView {}

  /// A program for the command line.
  ///
  /// @param promptVia `stdin` or `file`
  record Cli(
      String type,
      String commandLine,
      Map<String, String> environment,
      @Nullable String prompt,
      String promptVia)
      implements RunnerView {}

  static RunnerView of(Runner runner) {
    return switch (runner) {
      case Runner.Commands(var commands) -> new Commands("commands", commands);
      case Runner.Cli cli ->
          new Cli(
              "cli",
              cli.commandLine(),
              cli.environment(),
              cli.prompt(),
              switch (cli.promptVia()) {
                case STDIN -> "stdin";
                case FILE -> "file";
              });
    };
  }
}
