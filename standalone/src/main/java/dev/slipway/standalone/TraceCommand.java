package dev.slipway.standalone;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells the whole story of a task, a pull request or a webhook.
@Command(
    name = "trace",
    description = {
      "Tells the whole story across topics, what led to what: of a task (its id), of a pull request"
          + " (OWNER/NAME#NUMBER, or its address), of a webhook (its GUID)."
    })
final class TraceCommand implements Callable<Integer> {
  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "TASK|OWNER/NAME#NUMBER|DELIVERY", arity = "1..2")
  List<String> words = List.of();

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  TraceCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Trace.Story story;
    try (ApiClient api = options.api()) {
      story = new Trace(api).of(String.join(" ", words));
    }
    if (!options.json && !options.quiet) {
      spec.commandLine().getOut().println(HarmlessWriter.escaped(story.about()));
    }
    Printer.of(spec.commandLine(), options).print(story.json(), Trace.table(story.items()));
    return ExitCode.DONE;
  }
}
