package dev.slipway.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Pull requests: what became of them.
@Command(name = "pr", description = "Pull requests: what became of them.")
final class PullRequestCommand implements Runnable {
  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  PullRequestCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "pr needs a subcommand: list or show");
  }

  @Command(name = "list", description = "Shows pull requests, newest first.")
  int list(
      @Option(names = "--repository", paramLabel = "OWNER/NAME") @Nullable String repository,
      @Option(names = "--state", description = "OPEN, CLOSED or MERGED (default: all).")
          @Nullable String state,
      @Option(names = "--author", paramLabel = "LOGIN") @Nullable String author,
      @Option(
              names = "--limit",
              defaultValue = "50",
              description = "How many at most (default: 50).")
          int limit)
      throws InterruptedException {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 or more");
    }
    Map<String, @Nullable String> filters = new LinkedHashMap<>();
    filters.put("repository", repository);
    filters.put("state", state);
    filters.put("author", author);
    try (ApiClient api = options.api()) {
      printer()
          .list(
              new Pages(api).read(PullRequestName.PATH, filters, limit), PullRequestCommand::table);
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "show",
      description = {
        "Shows one.",
        "It is named by its repository and its number, OWNER/NAME NUMBER or OWNER/NAME#NUMBER, or by"
            + " its address."
      })
  int show(@Parameters(paramLabel = "OWNER/NAME NUMBER", arity = "1..2") List<String> named)
      throws InterruptedException {
    PullRequestName name =
        PullRequestName.parse(String.join(" ", named))
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(),
                    "a pull request is named OWNER/NAME NUMBER, or OWNER/NAME#NUMBER"));
    try (ApiClient api = options.api()) {
      JsonNode found =
          api.find(name.path())
              .orElseThrow(() ->
                  new CommandFailedException(
                      ExitCode.FAILED,
                      "no pull request %s of %s is known"
                          .formatted(name.number(), HarmlessWriter.escaped(name.fullName()))));
      printer().resource(found);
    }
    return ExitCode.DONE;
  }

  private static Table table(List<JsonNode> pullRequests) {
    Table table =
        new Table()
            .row("REPOSITORY", "NUMBER", "STATE", "TITLE", "AUTHOR", "REVIEW", "CHECKS", "SANDBOX");
    for (JsonNode each : pullRequests) {
      table.row(
          Printer.text(each.path("repository").path("full_name")),
          Printer.text(each.path("number")),
          each.path("draft").asBoolean(false) ? "DRAFT" : Printer.text(each.path("state")),
          Printer.text(each.path("title")),
          Printer.text(each.path("author")),
          Printer.text(each.path("review_decision")),
          Printer.text(each.path("checks").path("state")),
          Printer.text(each.path("sandbox_id")));
    }
    return table;
  }

  private Printer printer() {
    return Printer.of(spec.commandLine(), options);
  }
}
