package dev.slipway.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tasks: what is to become a pull request.
@Command(
    name = "task",
    description = "Tasks: work on a repository that becomes exactly one pull request.")
final class TaskCommand implements Runnable {
  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  private TaskCommand(GlobalOptions options) {
    this.options = options;
  }

  static CommandLine create(
      GlobalOptions options, TaskCreateCommand create, TaskWatchCommand watch) {
    return new CommandLine(new TaskCommand(options)).addSubcommand(create).addSubcommand(watch);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "task needs a subcommand: create, list, show, watch, assign, cancel or retry");
  }

  @Command(name = "list", description = "Shows tasks, newest first.")
  int list(
      @Option(names = "--state", description = "TODO, IN_PROGRESS, IN_REVIEW, … (default: all).")
          @Nullable String state,
      @Option(names = "--repository", paramLabel = "OWNER/NAME") @Nullable String repository,
      @Option(
              names = "--execution",
              paramLabel = "ID",
              description = "Those that were asked for together, and how it goes with them.")
          @Nullable String execution,
      @Option(names = "--squad", paramLabel = "ID") @Nullable String squad,
      @Option(names = "--agent", paramLabel = "ID") @Nullable String agent,
      @Option(names = "--label") @Nullable String label,
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
    filters.put("repository", repository);
    filters.put("execution_id", execution);
    filters.put("squad_id", squad);
    filters.put("agent_id", agent);
    filters.put("label", label);
    try (ApiClient api = options.api()) {
      List<JsonNode> found = new Pages(api).read(Tasks.PATH, filters, limit);
      if (execution == null) {
        printer().list(found, Tasks::table);
      } else {
        print(new Tasks(api).execution(execution), found);
      }
    }
    return ExitCode.DONE;
  }

  private void print(JsonNode execution, List<JsonNode> tasks) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("execution", execution);
    json.put("items", tasks);
    printer().print(json, Tasks.table(tasks));
    if (!options.json) {
      spec.commandLine().getOut().println(Tasks.counts(execution));
    }
  }

  @Command(name = "show", description = "Shows one.")
  int show(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--timeline", description = "What happened to it, too.") boolean timeline,
      @Option(names = "--diff", description = "Only the patch that it comes to.") boolean diff)
      throws InterruptedException {
    try (ApiClient api = options.api()) {
      JsonNode task = new Tasks(api).get(id);
      if (diff) {
        printDiff(api, id);
        return ExitCode.DONE;
      }
      List<JsonNode> items = new ArrayList<>();
      if (timeline) {
        items.addAll(new Pages(api).read(Tasks.path(id) + "/timeline", Map.of(), Trace.MOST_ITEMS));
      }
      if (options.json && timeline) {
        ObjectNode both = (ObjectNode) task.deepCopy();
        both.set("timeline", JsonMapper.shared().valueToTree(items));
        printer().resource(both);
        return ExitCode.DONE;
      }
      printer().resource(task);
      if (timeline) {
        spec.commandLine().getOut().println();
        printer().list(items, Trace::table);
      }
    }
    return ExitCode.DONE;
  }

  private void printDiff(ApiClient api, String id) throws InterruptedException {
    Optional<String> patch = api.text(Tasks.path(id) + "/diff");
    spec.commandLine()
        .getOut()
        .print(
            patch.orElseThrow(() ->
                new CommandFailedException(
                    ExitCode.FAILED, "nothing has come of task " + id + " yet")));
    spec.commandLine().getOut().flush();
  }

  @Command(name = "assign", description = "Has work begin on one that is TODO.")
  int assign(
      @Parameters(paramLabel = "ID") String id,
      @Option(names = "--agent", paramLabel = "ID") @Nullable String agent)
      throws InterruptedException {
    return change(List.of(id), "assign", agent == null ? Map.of() : Map.of("agent_id", agent));
  }

  @Command(
      name = "cancel",
      description =
          "Ends tasks that are not over, their sandboxes and what they propose with them.")
  int cancel(@Parameters(paramLabel = "ID", arity = "1..*") List<String> ids)
      throws InterruptedException {
    return change(ids, "cancel", Map.of());
  }

  @Command(
      name = "retry",
      description = "Tries tasks again that failed or were cancelled without a pull request.")
  int retry(@Parameters(paramLabel = "ID", arity = "1..*") List<String> ids)
      throws InterruptedException {
    return change(ids, "retry", Map.of());
  }

  private int change(List<String> ids, String verb, Map<String, String> body)
      throws InterruptedException {
    List<String> paths = ids.stream().map(Tasks::path).toList();
    List<JsonNode> changed = new ArrayList<>();
    try (ApiClient api = options.api()) {
      for (String path : paths) {
        changed.add(api.post(path + "/" + verb, body));
      }
    } finally {
      if (!changed.isEmpty()) {
        printer().list(changed, Tasks::table);
      }
    }
    return ExitCode.DONE;
  }

  private Printer printer() {
    return Printer.of(spec.commandLine(), options);
  }
}
