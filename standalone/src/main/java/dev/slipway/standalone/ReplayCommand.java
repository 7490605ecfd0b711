package dev.slipway.standalone;

import dev.slipway.web.Rfc3339;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks for a replay and watches it to its end.
@Command(
    name = "replay",
    description = {
      "Reads a stage's source again.",
      "All of it being known is the proof that nothing was lost. With --force each record is decided"
          + " as if it were new, and what would change is counted: exit status 1 if anything."
          + " --force --apply writes it."
    })
final class ReplayCommand implements Callable<Integer> {
  private static final List<String> COUNTS =
      List.of("seen", "applied", "known", "foreign", "unrouted", "rejected", "dead", "parked");

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(
      names = "--stage",
      required = true,
      description = "Name of a stage, or of a service for all its stages.")
  String stage;

  @Option(names = "--from", description = "First offset of each partition (default: the first).")
  @Nullable Long from;

  @Option(
      names = "--to",
      description = "Offset before which it ends (default: what the stage has seen).")
  @Nullable Long to;

  @Option(names = "--since", description = "Only records from this time on (RFC 3339).")
  @Nullable String since;

  @Option(names = "--force", description = "Decide each record as if it were new.")
  boolean force;

  @Option(names = "--apply", description = "With --force: write what changes.")
  boolean apply;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  ReplayCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (apply && !force) {
      throw new ParameterException(spec.commandLine(), "--apply goes with --force alone");
    }
    var work = new AdminWork("replay", options, spec.commandLine().getErr());
    List<JsonNode> ended = work.run(stage, request());
    print(ended);
    work.explain(ended);
    return exitCode(ended);
  }

  private Map<String, Object> request() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("stage", stage);
    request.put("from", from);
    request.put("to", to);
    request.put("since", since());
    request.put("force", force);
    request.put("apply", apply);
    request.values().removeIf(value -> value == null);
    return request;
  }

  /// Checked here, so that what is no time ends as every option does that cannot be understood.
  private @Nullable String since() {
    try {
      return since == null ? null : Rfc3339.parse(since).toString();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--since: " + e.getMessage(), e);
    }
  }

  private void print(List<JsonNode> replays) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      Map<String, Object> report = new LinkedHashMap<>();
      COUNTS.forEach(name -> report.put(name, sum(replays, name)));
      report.put("changed", changed(replays));
      report.put("replays", replays);
      out.println(JsonMapper.shared().writeValueAsString(report));
    } else {
      List<String> header = new ArrayList<>(List.of("STAGE", "STATE"));
      header.addAll(COUNTS);
      header.add("changed");
      Table table = new Table().row(header.toArray(String[]::new));
      for (JsonNode replay : replays) {
        List<String> row =
            new ArrayList<>(
                List.of(replay.path("stage").asString(), replay.path("state").asString()));
        COUNTS.forEach(name -> row.add(Long.toString(count(replay, name))));
        row.add(Long.toString(replay.path("changed").asLong()));
        table.row(row.toArray(String[]::new));
      }
      out.print(table);
    }
    out.flush();
  }

  private int exitCode(List<JsonNode> replays) {
    boolean differs = force && !apply && (changed(replays) > 0 || sum(replays, "applied") > 0);
    return replays.stream().allMatch(AdminWork::isDone) && !differs
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  private static long changed(List<JsonNode> replays) {
    return replays.stream().mapToLong(replay -> replay.path("changed").asLong()).sum();
  }

  private static long sum(List<JsonNode> replays, String name) {
    return replays.stream().mapToLong(replay -> count(replay, name)).sum();
  }

  private static long count(JsonNode replay, String name) {
    return replay.path("counts").path(name).asLong();
  }
}
