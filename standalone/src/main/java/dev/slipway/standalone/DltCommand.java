package dev.slipway.standalone;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Records that stages could not apply, and the two ways out.
@Command(
    name = "dlt",
    description = {
      "Records that stages could not apply.",
      "In a stage that keeps its records in order, what comes behind a dead one in its key is"
          + " parked until that is requeued or discarded."
    })
final class DltCommand implements Runnable {
  private static final String PATH = "/api/v1/admin/dead-letters";
  private static final String PAGE = "200";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int LOOKS_BETWEEN_WORDS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9.-]+");

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(
      names = "--stage",
      scope = ScopeType.INHERIT,
      description = "Name of a stage, or of a service for all its stages (default: all).")
  @Nullable String stage;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  DltCommand(GlobalOptions options) {
    this.options = options;
  }

  /// What `--status` takes.
  enum Status {
    DEAD,
    PARKED,
    REQUEUED
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "dlt needs a subcommand: list, show, requeue or discard");
  }

  @Command(name = "list", description = "Shows what waits, in the order in which it came.")
  int list(
      @Option(names = "--status", description = "DEAD, PARKED or REQUEUED (default: all).")
          @Nullable Status status)
      throws InterruptedException {
    List<JsonNode> letters = new ArrayList<>();
    try (ApiClient api = options.api()) {
      String query = "?limit=" + PAGE + (status == null ? "" : "&status=" + status) + stage("&");
      Optional<String> cursor = Optional.of("");
      while (cursor.isPresent()) {
        JsonNode page =
            api.get(
                PATH
                    + query
                    + cursor.filter(at -> !at.isEmpty()).map("&cursor="::concat).orElse(""));
        page.path("items").forEach(letters::add);
        cursor = page.path("next_cursor").stringValueOpt();
      }
    }
    if (options.json) {
      print(Map.of("items", letters));
    } else {
      Table table = new Table().row("ID", "STAGE", "STATUS", "POSITION", "TYPE", "BYTES", "CAUSE");
      letters.forEach(letter ->
          table.row(
              text(letter, "id"),
              text(letter, "stage"),
              text(letter, "status"),
              position(letter),
              text(letter, "type"),
              text(letter, "value_bytes"),
              text(letter, "cause")));
      print(table);
    }
    return ExitCode.DONE;
  }

  @Command(name = "show", description = "Shows one with its headers.")
  int show(@Parameters(paramLabel = "ID") String id) throws InterruptedException {
    JsonNode letter;
    try (ApiClient api = options.api()) {
      letter = api.get(path(id, ""));
    }
    if (options.json) {
      print(letter);
    } else {
      Table table = new Table();
      table.row("id", text(letter, "id"));
      table.row("stage", text(letter, "stage"));
      table.row("status", text(letter, "status"));
      table.row("cause", text(letter, "cause"));
      table.row("position", position(letter));
      table.row("type", text(letter, "type"));
      table.row("tenant", text(letter, "tenant"));
      table.row("key", text(letter, "key"));
      table.row("value bytes", text(letter, "value_bytes"));
      table.row("noted at", text(letter, "noted_at"));
      table.row("waits behind", text(letter, "behind"));
      letter
          .path("headers")
          .forEach(header -> table.row("header " + text(header, "name"), text(header, "value")));
      print(table);
    }
    return ExitCode.DONE;
  }

  @Command(
      name = "requeue",
      description = {
        "Has dead ones tried again, and what is parked behind them after them.",
        "Exit status 1: one is dead again."
      })
  int requeue(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--dry-run", description = "Only show what would be done.") boolean dryRun)
      throws InterruptedException {
    List<Map<String, @Nullable Object>> done = new ArrayList<>();
    try (ApiClient api = options.api()) {
      for (String id : ids) {
        JsonNode letter = api.get(path(id, ""));
        requireNotParked(letter);
        if (dryRun) {
          done.add(row(letter, "WOULD_BE_REQUEUED", text(letter, "cause")));
        } else {
          JsonNode _ = api.post(path(id, "/requeue"), Map.of());
          done.add(watch(api, letter));
        }
      }
    }
    print(done, dryRun);
    return done.stream().anyMatch(row -> "DEAD".equals(row.get("outcome")))
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  @Command(
      name = "discard",
      description =
          "Lets dead ones go for ever; what is parked behind them is applied. There is no way back.")
  int discard(
      @Parameters(paramLabel = "ID", arity = "1..*") List<String> ids,
      @Option(names = "--dry-run", description = "Only show what would be done.") boolean dryRun)
      throws InterruptedException {
    List<Map<String, @Nullable Object>> done = new ArrayList<>();
    try (ApiClient api = options.api()) {
      for (String id : ids) {
        JsonNode letter = api.get(path(id, ""));
        requireNotParked(letter);
        if (!dryRun) {
          JsonNode _ = api.post(path(id, "/discard"), Map.of());
        }
        done.add(row(letter, dryRun ? "WOULD_BE_DISCARDED" : "DISCARDED", text(letter, "cause")));
      }
    }
    print(done, dryRun);
    return ExitCode.DONE;
  }

  private static void requireNotParked(JsonNode letter) {
    if (text(letter, "status").equals("PARKED")) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          HarmlessWriter.escaped(
              text(letter, "id")
                  + " is parked: requeue or discard the one that it waits behind, "
                  + text(letter, "behind")));
    }
  }

  /// What becomes of one that was requeued.
  private Map<String, @Nullable Object> watch(ApiClient api, JsonNode letter)
      throws InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    String id = text(letter, "id");
    long start = System.nanoTime();
    int looks = 0;
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      Optional<JsonNode> now = api.find(path(id, ""));
      if (now.isEmpty()) {
        return row(letter, "APPLIED", null);
      }
      JsonNode behind = now.get().path("behind");
      if (text(now.get(), "status").equals("DEAD")) {
        return row(letter, "DEAD", text(now.get(), "cause"));
      }
      if (!behind.isNull()) {
        return row(letter, "WAITING", "behind " + behind.asString());
      }
      if (++looks % LOOKS_BETWEEN_WORDS == 0) {
        progress.say("%s: waits for its service".formatted(id));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    throw new CommandFailedException(
        ExitCode.TIMED_OUT,
        "%s is requeued, and not tried yet: does its service run?".formatted(id));
  }

  private static Map<String, @Nullable Object> row(
      JsonNode letter, String outcome, @Nullable String cause) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", text(letter, "id"));
    row.put("stage", text(letter, "stage"));
    row.put("outcome", outcome);
    row.put("cause", cause);
    return row;
  }

  private void print(List<Map<String, @Nullable Object>> done, boolean dryRun) {
    if (options.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("dry_run", dryRun);
      json.put("items", done);
      print(json);
      return;
    }
    Table table = new Table().row("ID", "STAGE", "OUTCOME", "CAUSE");
    done.forEach(row ->
        table.row(
            row.values().stream()
                .map(value -> value == null ? "-" : value.toString())
                .toArray(String[]::new)));
    print(table);
  }

  private void print(Object what) {
    PrintWriter out = spec.commandLine().getOut();
    if (what instanceof Table table) {
      out.print(table);
    } else {
      out.println(JsonMapper.shared().writeValueAsString(what));
    }
    out.flush();
  }

  private String path(String id, String what) {
    if (!ID.matcher(id).matches()) {
      throw new ParameterException(spec.commandLine(), "no id of a dead letter: " + id);
    }
    return PATH + "/" + id + what + stage("?");
  }

  /// @param sign what stands before a parameter
  private String stage(String sign) {
    if (stage == null) {
      return "";
    }
    if (!NAME.matcher(stage).matches()) {
      throw new ParameterException(spec.commandLine(), "no name of a stage: " + stage);
    }
    return sign + "stage=" + stage;
  }

  private static String position(JsonNode letter) {
    return "%s-%s@%s"
        .formatted(text(letter, "topic"), text(letter, "partition"), text(letter, "offset"));
  }

  private static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    return value.isNull() ? "-" : value.asString();
  }
}
