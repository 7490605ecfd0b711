package dev.slipway.standalone;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows what happens to a task while it happens.
@Command(
    name = "watch",
    description = {
      "Shows what happens to a task, or to all of an execution, as it happens: steps, output of"
          + " commands, the pull request.",
      "Goes on by itself when the connection is lost. --json prints each event as it came.",
      "Exit status: 0 it is DONE (or IN_REVIEW, with --until review); 1 it failed, or was cancelled"
          + " or closed."
    })
final class TaskWatchCommand implements Callable<Integer> {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final StandardStreams streams;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "ID", arity = "0..1")
  @Nullable String id;

  @Option(names = "--execution", paramLabel = "ID", description = "All of its tasks.")
  @Nullable String execution;

  @Option(
      names = "--until",
      paramLabel = "over|review",
      defaultValue = "over",
      description = "Whether a task in review is enough (default: over).")
  Until until = Until.OVER;

  /// When to end.
  enum Until {
    OVER,
    REVIEW;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  TaskWatchCommand(
      GlobalOptions options, Map<String, String> environment, StandardStreams streams) {
    this.options = options;
    this.environment = environment;
    this.streams = streams;
  }

  @Override
  public Integer call() throws InterruptedException {
    if ((id == null) == (execution == null)) {
      throw new ParameterException(
          spec.commandLine(), "name a task, or an execution with --execution");
    }
    Screen screen = Screen.of(spec.commandLine(), environment, streams);
    try (ApiClient api = options.api()) {
      var watching =
          new Watching(api, options, screen, spec.commandLine().getErr(), until == Until.REVIEW);
      boolean good = id == null ? watching.execution(execution) : watching.task(id);
      return good ? ExitCode.DONE : ExitCode.FAILED;
    }
  }
}
