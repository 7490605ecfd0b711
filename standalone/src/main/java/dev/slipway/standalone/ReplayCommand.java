package dev.slipway.standalone;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
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
  private static final String PATH = "/api/v1/admin/replays";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final List<String> COUNTS =
      List.of("seen", "applied", "known", "foreign", "rejected", "dead", "parked");

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
    try (ApiClient api = new ApiClient(options.installation(), options.credentials())) {
      List<JsonNode> ended = new ArrayList<>();
      for (JsonNode replay : ask(api)) {
        ended.add(watch(api, replay));
      }
      print(ended);
      return exitCode(ended);
    }
  }

  private JsonNode ask(ApiClient api) throws InterruptedException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("stage", stage);
    request.put("from", from);
    request.put("to", to);
    request.put("since", since);
    request.put("force", force);
    request.put("apply", apply);
    request.values().removeIf(value -> value == null);
    try {
      return api.post(PATH, request).path("items");
    } catch (CommandFailedException e) {
      throw new CommandFailedException(
          e.exitCode(), "no replay of " + stage + ": " + e.getMessage());
    }
  }

  private JsonNode watch(ApiClient api, JsonNode asked) throws InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    JsonNode replay = asked;
    int shown = 0;
    while (replay.path("state").asString().equals("RUNNING")) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      replay = api.get(PATH + "/" + asked.path("replay_id").asString());
      int percent = replay.path("progress_percent").asInt();
      if (percent >= shown + 10 && percent < 100) {
        progress.say(replay.path("stage").asString() + ": " + percent + " %");
        shown = percent;
      }
    }
    return replay;
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
    replays.stream()
        .filter(replay -> !isDone(replay))
        .forEach(replay ->
            spec.commandLine()
                .getErr()
                .println("slipway: stopped, " + replay.path("reason").asString("")));
  }

  private int exitCode(List<JsonNode> replays) {
    boolean differs = force && !apply && (changed(replays) > 0 || sum(replays, "applied") > 0);
    return replays.stream().allMatch(ReplayCommand::isDone) && !differs
        ? ExitCode.DONE
        : ExitCode.FAILED;
  }

  private static boolean isDone(JsonNode replay) {
    return replay.path("state").asString().equals("DONE");
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
