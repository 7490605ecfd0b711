package dev.slipway.standalone;

import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.rebuild.Rebuild.Result;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.parts.LogFile;
import dev.slipway.standalone.parts.ServiceStages;
import dev.slipway.standalone.parts.Wiring;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Rebuilds the rows of stages in this process and says what differs.
@Command(
    name = "rebuild",
    description = {
      "Folds a stage's log from its beginning, beside the rows that are there.",
      "--verify compares every column of every row and throws the fold away: exit status 1 if"
          + " anything differs. Traffic goes on meanwhile.",
      "Reads Kafka, the registry and the database itself: it takes the environment of the service."
    })
final class RebuildCommand implements Callable<Integer> {
  private static final String LOG = "rebuild";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final GlobalOptions options;
  private final Map<String, String> environment;

  @Spec CommandSpec spec;

  @Option(
      names = "--stage",
      required = true,
      description = "Name of a stage, or of a service for all its stages.")
  String stage;

  @Option(names = "--verify", description = "Compare, and leave the rows as they are.")
  boolean verify;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  RebuildCommand(GlobalOptions options, Map<String, String> environment) {
    this.options = options;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (!verify) {
      throw new ParameterException(
          spec.commandLine(),
          "a rebuild cannot yet take the place of the rows: add --verify to compare them");
    }
    Wiring wiring =
        Wiring.ofStarted(environment, options.dataDir)
            .orElseThrow(() ->
                new CommandFailedException(
                    ExitCode.PREREQUISITE,
                    "nothing has been started on "
                        + options.dataDir
                        + ": run `slipway up`, or set KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL"
                        + " and DATABASE_URL"));
    DataDirectory directory = options.openDirectory();
    LogFile.open(directory.log(LOG));
    List<Verified> rebuilds = new ArrayList<>();
    try (ServiceStages stages = stages(wiring, directory)) {
      for (StageRunner<?, ?, ?> runner : chosen(stages)) {
        rebuilds.add(verify(runner));
      }
    }
    print(rebuilds);
    rebuilds.stream()
        .filter(rebuild -> rebuild.stopped != null)
        .forEach(rebuild ->
            spec.commandLine()
                .getErr()
                .println("slipway: stopped, " + HarmlessWriter.escaped("" + rebuild.stopped)));
    return rebuilds.stream().allMatch(Verified::isEqual) ? ExitCode.DONE : ExitCode.FAILED;
  }

  private ServiceStages stages(Wiring wiring, DataDirectory directory) {
    try {
      return ServiceStages.of(stage, wiring, directory);
    } catch (IllegalArgumentException e) {
      throw unknown(String.valueOf(e.getMessage()));
    }
  }

  private List<StageRunner<?, ?, ?>> chosen(ServiceStages stages) {
    List<StageRunner<?, ?, ?>> chosen = stages.named(stage);
    if (chosen.isEmpty()) {
      throw unknown("there are these stages: " + String.join(", ", stages.names()));
    }
    return chosen;
  }

  private CommandFailedException unknown(String why) {
    return new CommandFailedException(
        ExitCode.FAILED, "no rebuild of %s: %s".formatted(HarmlessWriter.escaped(stage), why));
  }

  private Verified verify(StageRunner<?, ?, ?> runner) {
    var steps =
        new RebuildSteps(
            runner.name(), new Progress(spec.commandLine().getErr(), options.quiet), PATIENCE);
    long start = System.nanoTime();
    try {
      Result result =
          new Rebuild(runner.database(), runner.clients(), runner.properties())
              .verify(runner.stage(), steps);
      return new Verified(
          runner.name(),
          null,
          Duration.ofNanos(System.nanoTime() - start),
          result.records(),
          result.comparison().tables(),
          result.comparison().differences(),
          result.begins());
    } catch (PermanentException e) {
      return new Verified(
          runner.name(),
          String.valueOf(e.getMessage()),
          Duration.ofNanos(System.nanoTime() - start),
          steps.records(),
          List.of(),
          List.of(),
          Map.of());
    }
  }

  /// What became of one stage.
  ///
  /// @param stopped why it came to no end; null when it did
  private record Verified(
      String stage,
      @Nullable String stopped,
      Duration took,
      long records,
      List<TableComparison> tables,
      List<RowDifference> differences,
      Map<TopicPartition, Long> begins) {
    boolean isEqual() {
      return stopped == null && tables.stream().allMatch(TableComparison::isEqual);
    }

    Map<String, @Nullable Object> json() {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("stage", stage);
      json.put("state", stopped == null ? "DONE" : "STOPPED");
      json.put("reason", stopped);
      json.put("records", records);
      json.put("duration_ms", took.toMillis());
      json.put(
          "log_begins",
          begins.entrySet().stream()
              .sorted(Comparator.comparing(begin -> begin.getKey().toString()))
              .map(begin ->
                  Map.of(
                      "topic", begin.getKey().topic(),
                      "partition", begin.getKey().partition(),
                      "offset", begin.getValue()))
              .toList());
      json.put("tables", tables.stream().map(Verified::json).toList());
      json.put("differences", differences.stream().map(Verified::json).toList());
      return json;
    }

    private static Map<String, Object> json(TableComparison table) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("table", table.table());
      json.put("rows", table.rows());
      json.put("missing", table.missing());
      json.put("unexpected", table.unexpected());
      json.put("different", table.different());
      json.put("left_out", table.leftOut());
      return json;
    }

    private static Map<String, @Nullable Object> json(RowDifference difference) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("table", difference.table());
      json.put("key", difference.key());
      json.put("column", difference.column());
      json.put("live", difference.live());
      json.put("rebuilt", difference.rebuilt());
      return json;
    }
  }

  private void print(List<Verified> rebuilds) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("equal", rebuilds.stream().allMatch(Verified::isEqual));
      json.put("rebuilds", rebuilds.stream().map(Verified::json).toList());
      out.println(JsonMapper.shared().writeValueAsString(json));
    } else {
      rebuilds.forEach(rebuild -> print(out, rebuild));
    }
    out.flush();
  }

  private static void print(PrintWriter out, Verified rebuild) {
    Table tables = new Table().row("STAGE", "TABLE", "rows", "missing", "unexpected", "different");
    for (TableComparison table : rebuild.tables) {
      tables.row(
          rebuild.stage,
          table.table(),
          Long.toString(table.rows()),
          Long.toString(table.missing()),
          Long.toString(table.unexpected()),
          Long.toString(table.different()));
    }
    out.print(tables);
    if (!rebuild.differences.isEmpty()) {
      Table differences = new Table().row("TABLE", "KEY", "COLUMN", "LIVE", "REBUILT");
      for (RowDifference difference : rebuild.differences) {
        differences.row(
            difference.table(),
            difference.key(),
            value(difference.column()),
            value(difference.live()),
            value(difference.rebuilt()));
      }
      out.println();
      out.print(differences);
    }
    if (!rebuild.begins.isEmpty()) {
      out.println(
          "The log no longer holds its beginning ("
              + rebuild.begins.keySet().stream()
                  .map(partition -> partition + " begins at " + rebuild.begins.get(partition))
                  .sorted()
                  .collect(Collectors.joining(", "))
              + "): rows from before were taken as they are, and what is left was folded over them."
              + (rebuild.isEqual()
                  ? " They hold all that the log says; whether they hold more, nobody can tell."
                  : ""));
    }
    String why =
        rebuild.begins.isEmpty()
            ? "A replay has applied records late"
            : "Of some records the predecessors are gone";
    for (TableComparison table : rebuild.tables) {
      if (!table.leftOut().isEmpty()) {
        out.println(
            why
                + ", so what tells their order was not compared: "
                + table.table()
                + " "
                + String.join(", ", table.leftOut()));
      }
    }
  }

  private static String value(@Nullable String value) {
    return value == null ? "-" : value;
  }
}
