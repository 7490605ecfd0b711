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

/// Webhooks: what became of each.
@Command(name = "delivery", description = "Webhooks: what became of each.")
final class DeliveryCommand implements Runnable {
  private static final String PATH = "/api/v1/deliveries";

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  DeliveryCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "delivery needs a subcommand: list or show");
  }

  @Command(name = "list", description = "Shows webhooks, newest first.")
  int list(
      @Option(names = "--event", description = "Such as pull_request.") @Nullable String event,
      @Option(names = "--action", description = "Such as closed.") @Nullable String action,
      @Option(names = "--repository", paramLabel = "OWNER/NAME") @Nullable String repository,
      @Option(names = "--number", description = "Of a pull request.") @Nullable Long number,
      @Option(
              names = "--outcome",
              description =
                  "APPLIED, UNCHANGED, IGNORED, REJECTED or DEAD_LETTERED (default: all).")
          @Nullable String outcome,
      @Option(names = "--since", paramLabel = "TIME", description = "Such as 2026-01-31T00:00:00Z.")
          @Nullable String since,
      @Option(names = "--until", paramLabel = "TIME") @Nullable String until,
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
    filters.put("event", event);
    filters.put("action", action);
    filters.put("repository", repository);
    filters.put("number", number == null ? null : number.toString());
    filters.put("outcome", outcome);
    filters.put("since", since);
    filters.put("until", until);
    try (ApiClient api = options.api()) {
      printer().list(new Pages(api).read(PATH, filters, limit), DeliveryCommand::table);
    }
    return ExitCode.DONE;
  }

  @Command(name = "show", description = "Shows one, by its GUID (X-GitHub-Delivery).")
  int show(@Parameters(paramLabel = "GUID") String id) throws InterruptedException {
    try (ApiClient api = options.api()) {
      JsonNode found =
          api.find(PATH + "/" + Sandboxes.encoded(id))
              .orElseThrow(() ->
                  new CommandFailedException(
                      ExitCode.FAILED, "no delivery " + HarmlessWriter.escaped(id) + " is known"));
      printer().resource(found);
    }
    return ExitCode.DONE;
  }

  private static Table table(List<JsonNode> deliveries) {
    Table table =
        new Table()
            .row("DELIVERY", "RECEIVED", "EVENT", "REPOSITORY", "NUMBER", "OUTCOME", "REASON");
    for (JsonNode each : deliveries) {
      String action = each.path("action").asString("");
      table.row(
          Printer.text(each.path("delivery_id")),
          Printer.text(each.path("received_at")),
          Printer.text(each.path("event")) + (action.isEmpty() ? "" : "." + action),
          Printer.text(each.path("repository").path("full_name")),
          Printer.text(each.path("number")),
          Printer.text(each.path("outcome")),
          Printer.text(each.path("reason")));
    }
    return table;
  }

  private Printer printer() {
    return Printer.of(spec.commandLine(), options);
  }
}
