package dev.slipway.standalone;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks for a rebuild, watches it to its end and says what differs.
@Command(
    name = "rebuild",
    description = {
      "Folds a stage's log from its beginning, beside the rows that are there.",
      "--verify compares every column of every row and throws the fold away: exit status 1 if"
          + " anything differs. Traffic goes on meanwhile."
    })
final class RebuildCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/admin/rebuilds";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LOOKS_BETWEEN_WORDS = 10;
  private static final List<String> WRONG = List.of("missing", "unexpected", "different");

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(
      names = "--stage",
      required = true,
      description = "Name of a stage, or of a service for all its stages.")
  String stage;

  @Option(names = "--verify", description = "Compare, and leave the rows as they are.")
  boolean verify;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  RebuildCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (!verify) {
      throw new ParameterException(
          spec.commandLine(),
          "a rebuild cannot yet take the place of the rows: add --verify to compare them");
    }
    try (ApiClient api = new ApiClient(options.installation(), options.credentials())) {
      List<JsonNode> ended = new ArrayList<>();
      for (JsonNode rebuild : ask(api)) {
        ended.add(watch(api, rebuild));
      }
      print(ended);
      return ended.stream().allMatch(RebuildCommand::isEqual) ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  private JsonNode ask(ApiClient api) throws InterruptedException {
    try {
      return api.post(PATH, Map.of("stage", stage, "verify", true)).path("items");
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          e.exitCode(), "no rebuild of " + stage + ": " + e.getMessage());
    }
  }

  private JsonNode watch(ApiClient api, JsonNode asked) throws InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    JsonNode rebuild = asked;
    for (int looks = 1; rebuild.path("state").asString().equals("RUNNING"); looks++) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      rebuild = api.get(PATH + "/" + asked.path("rebuild_id").asString());
      if (looks % LOOKS_BETWEEN_WORDS == 0) {
        progress.say(
            "%s: %d %%, %d records"
                .formatted(
                    rebuild.path("stage").asString(),
                    rebuild.path("progress_percent").asInt(),
                    rebuild.path("records").asLong()));
      }
    }
    return rebuild;
  }

  private void print(List<JsonNode> rebuilds) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      out.println(
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "equal",
                      rebuilds.stream().allMatch(RebuildCommand::isEqual),
                      "rebuilds",
                      rebuilds)));
    } else {
      rebuilds.forEach(rebuild -> print(out, rebuild));
    }
    out.flush();
    rebuilds.stream()
        .filter(rebuild -> !isDone(rebuild))
        .forEach(rebuild ->
            spec.commandLine()
                .getErr()
                .println("slipway: stopped, " + rebuild.path("reason").asString("")));
  }

  private static void print(PrintWriter out, JsonNode rebuild) {
    Table tables = new Table().row("STAGE", "TABLE", "rows", "missing", "unexpected", "different");
    for (JsonNode table : rebuild.path("tables")) {
      tables.row(
          rebuild.path("stage").asString(),
          table.path("table").asString(),
          table.path("rows").asString(),
          table.path("missing").asString(),
          table.path("unexpected").asString(),
          table.path("different").asString());
    }
    out.print(tables);
    Table differences = new Table().row("TABLE", "KEY", "COLUMN", "LIVE", "REBUILT");
    for (JsonNode difference : rebuild.path("differences")) {
      differences.row(
          difference.path("table").asString(),
          difference.path("key").asString(),
          value(difference.path("column")),
          value(difference.path("live")),
          value(difference.path("rebuilt")));
    }
    if (!rebuild.path("differences").isEmpty()) {
      out.println();
      out.print(differences);
    }
    for (JsonNode table : rebuild.path("tables")) {
      if (!table.path("left_out").isEmpty()) {
        out.println(
            "A replay has applied records late, so what tells their order was not compared: "
                + table.path("table").asString()
                + " "
                + table.path("left_out"));
      }
    }
  }

  private static String value(JsonNode value) {
    return value.isNull() ? "-" : value.asString();
  }

  private static boolean isDone(JsonNode rebuild) {
    return rebuild.path("state").asString().equals("DONE");
  }

  private static boolean isEqual(JsonNode rebuild) {
    long wrong = 0;
    for (JsonNode table : rebuild.path("tables")) {
      for (String kind : WRONG) {
        wrong += table.path(kind).asLong();
      }
    }
    return isDone(rebuild) && wrong == 0;
  }
}
