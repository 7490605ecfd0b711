package dev.slipway.standalone;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Sandboxes: where commands run.
@Command(
    name = "sandbox",
    description = {
      "Sandboxes: where commands run.",
      "One is named by its id, or by the name it was given when it was created."
    })
final class SandboxCommand implements Runnable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final GlobalOptions options;
  private final StandardStreams streams;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  private SandboxCommand(GlobalOptions options, StandardStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  static CommandLine create(GlobalOptions options, StandardStreams streams) {
    return new CommandLine(new SandboxCommand(options, streams))
        .addSubcommand(new SandboxCreateCommand(options))
        .addSubcommand(new SandboxExecCommand(options, streams));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "sandbox needs a subcommand: create, list, show, exec, put, get or kill");
  }

  @Command(name = "list", description = "Shows sandboxes, newest first.")
  int list(
      @Option(names = "--state", description = "RUNNING, TERMINATED, … (default: all).")
          @Nullable String state,
      @Option(names = "--template") @Nullable String template,
      @Option(names = "--name") @Nullable String name,
      @Option(names = "--task", paramLabel = "ID") @Nullable String task,
      @Option(names = "--session", paramLabel = "ID") @Nullable String session,
      @Option(names = "--repository", paramLabel = "OWNER/NAME") @Nullable String repository,
      @Option(names = "--metadata", paramLabel = "NAME=VALUE", description = "Repeatable.")
          @Nullable List<String> metadata,
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
    filters.put("state", state);
    filters.put("template", template);
    filters.put("name", name);
    filters.put("task_id", task);
    filters.put("session_id", session);
    filters.put("repository", repository);
    Sandboxes.pairs("--metadata", metadata == null ? List.of() : metadata)
        .forEach((key, value) -> filters.put("metadata." + key, value));
    try (ApiClient api = options.api()) {
      printer().list(new Pages(api).read(Sandboxes.PATH, filters, limit), SandboxCommand::table);
    }
    return ExitCode.DONE;
  }

  @Command(name = "show", description = "Shows one.")
  int show(@Parameters(paramLabel = "ID|NAME") String sandbox) throws InterruptedException {
    JsonNode found;
    try (ApiClient api = options.api()) {
      found = new Sandboxes(api).find(sandbox);
    }
    printer().resource(found);
    return ExitCode.DONE;
  }

  @Command(name = "kill", description = "Ends one, and waits until it has ended.")
  int kill(@Parameters(paramLabel = "ID|NAME") String sandbox) throws InterruptedException {
    JsonNode ended;
    try (ApiClient api = options.api()) {
      var sandboxes = new Sandboxes(api);
      JsonNode asked = api.delete(sandboxes.path(sandbox), Sandboxes.FIRST_WAIT);
      ended = sandboxes.await(asked, Set.of(), PATIENCE, progress());
    }
    print(spec.commandLine(), options, ended);
    return ExitCode.DONE;
  }

  @Command(
      name = "put",
      description = {
        "Copies a file into a sandbox, and replaces what is there.",
        "- is standard input; a PATH that is empty or ends with / gets the file's name."
      })
  int put(
      @Parameters(paramLabel = "LOCAL") String local,
      @Parameters(paramLabel = "ID:PATH") String remote)
      throws IOException, InterruptedException {
    try (ApiClient api = options.api()) {
      Transfer.Place place = Transfer.Place.parse(remote);
      var transfer = new Transfer(options, streams, progress());
      report(transfer.put(new Sandboxes(api), local, place));
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "get",
      description = {
        "Copies a file out of a sandbox.",
        "- is standard output; a folder gets it under its name."
      })
  int get(
      @Parameters(paramLabel = "ID:PATH") String remote,
      @Parameters(paramLabel = "LOCAL") String local)
      throws IOException, InterruptedException {
    try (ApiClient api = options.api()) {
      Transfer.Place place = Transfer.Place.parse(remote);
      var transfer = new Transfer(options, streams, progress());
      Optional<Map<String, Object>> written = transfer.get(new Sandboxes(api), place, local);
      written.ifPresent(this::report);
    }
    return ExitCode.DONE;
  }

  private void report(Map<String, Object> copied) {
    printer()
        .print(
            copied,
            new Table()
                .row("PATH", "BYTES")
                .row(String.valueOf(copied.get("path")), String.valueOf(copied.get("size_bytes"))));
  }

  /// One sandbox as the result of a command.
  static void print(CommandLine command, GlobalOptions options, JsonNode sandbox) {
    Printer.of(command, options).print(sandbox, table(List.of(sandbox)));
  }

  private static Table table(List<JsonNode> sandboxes) {
    Table table = new Table().row("ID", "NAME", "STATE", "TEMPLATE", "CREATED", "EXPIRES");
    for (JsonNode sandbox : sandboxes) {
      table.row(
          Printer.text(sandbox.path("sandbox_id")),
          Printer.text(sandbox.path("name")),
          Printer.text(sandbox.path("state")),
          Printer.text(sandbox.path("template")),
          Printer.text(sandbox.path("created_at")),
          Printer.text(sandbox.path("expires_at")));
    }
    return table;
  }

  private Printer printer() {
    return Printer.of(spec.commandLine(), options);
  }

  private Progress progress() {
    return new Progress(spec.commandLine().getErr(), options.quiet);
  }
}
