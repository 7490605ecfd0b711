package dev.slipway.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    var work = new AdminWork("rebuild", options, spec.commandLine().getErr());
    List<JsonNode> ended = work.run(stage, Map.of("stage", stage, "verify", true));
    print(ended);
    work.explain(ended);
    return ended.stream().allMatch(RebuildCommand::isEqual) ? ExitCode.DONE : ExitCode.FAILED;
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

  private static boolean isEqual(JsonNode rebuild) {
    long wrong = 0;
    for (JsonNode table : rebuild.path("tables")) {
      for (String kind : WRONG) {
        wrong += table.path(kind).asLong();
      }
    }
    return AdminWork.isDone(rebuild) && wrong == 0;
  }
}
