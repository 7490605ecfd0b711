package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Asks for a task, or for one of each of many repositories.
@Command(
    name = "create",
    description = {
      "Asks for a task; work begins at once unless --no-start is given.",
      "--repositories makes one for each line of a file, all of one execution, as fast as GitHub"
          + " takes their pull requests; run again with the same --execution it goes on where it was"
          + " interrupted, and nothing comes to be twice.",
      "--wait shows what happens until the pull request is there. Exit status 1: it failed."
    })
final class TaskCreateCommand implements Callable<Integer> {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final StandardStreams streams;
  private final Clock clock;

  @Spec CommandSpec spec;

  @Option(names = "--repository", paramLabel = "URL|OWNER/NAME", description = "What is worked at.")
  @Nullable String repository;

  @Option(
      names = "--repositories",
      paramLabel = "FILE",
      description = "Or many: one a line, # begins a comment; - for standard input.")
  @Nullable String repositories;

  @Option(
      names = "--execution",
      paramLabel = "ID",
      description = "What it is part of (default: none; of --repositories a new one).")
  @Nullable String execution;

  @Option(
      names = "--start",
      negatable = true,
      fallbackValue = "true",
      description = "Whether work begins at once (default).")
  @Nullable Boolean start;

  @Option(names = "--wait", description = "Show what happens until the pull request is there.")
  boolean wait;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Asked again under it, it is the same task.")
  @Nullable String key;

  @Mixin TaskOptions task = new TaskOptions();

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  TaskCreateCommand(
      GlobalOptions options,
      Map<String, String> environment,
      StandardStreams streams,
      Clock clock) {
    this.options = options;
    this.environment = environment;
    this.streams = streams;
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (repository != null && repositories != null) {
      throw new ParameterException(
          spec.commandLine(), "--repository and --repositories are one or the other");
    }
    if (wait && Boolean.FALSE.equals(start)) {
      throw new ParameterException(spec.commandLine(), "--wait needs a task that starts");
    }
    Map<String, Object> request = task.request(streams.in());
    if (start != null) {
      request.put("start", start);
    } else {
      var _ = request.putIfAbsent("start", true);
    }
    if (execution != null) {
      request.put("execution_id", execution);
    }
    try (ApiClient api = options.api()) {
      return repositories == null ? one(api, request) : many(api, request, repositories);
    }
  }

  private int one(ApiClient api, Map<String, Object> request) throws InterruptedException {
    if (repository != null) {
      request.put("repository_url", addresses(api, List.of(repository)).getFirst());
    } else if (!request.containsKey("repository_url")) {
      throw new ParameterException(
          spec.commandLine(), "a task needs --repository, or --repositories");
    }
    JsonNode made =
        key == null ? api.post(Tasks.PATH, request) : api.post(Tasks.PATH, request, key);
    if (!wait) {
      Printer.of(spec.commandLine(), options).print(made, Tasks.table(List.of(made)));
      return ExitCode.DONE;
    }
    return exit(watching(api).task(made.path("task_id").asString("")));
  }

  private int many(ApiClient api, Map<String, Object> request, String file)
      throws IOException, InterruptedException {
    List<String> named =
        RepositoryList.parse(TaskOptions.text("--repositories", file, streams.in()));
    String id = execution == null ? Ids.fresh().toString() : execution;
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    progress.say("execution " + id);
    JsonNode budget = api.get("/api/v1/github/budget");
    Pace pace = Pace.of(budget, clock.instant());
    List<JsonNode> made =
        new ManyTasks(api, pace, id, clock, progress).create(addresses(api, named), request);
    if (!wait) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("execution_id", id);
      json.put("items", made);
      Printer.of(spec.commandLine(), options).print(json, Tasks.table(made));
      return ExitCode.DONE;
    }
    return exit(watching(api).execution(id));
  }

  private List<String> addresses(ApiClient api, List<String> named) throws InterruptedException {
    if (named.stream().noneMatch(RepositoryList::isName)) {
      return named;
    }
    String gitUrl = api.get("/api/v1/github/budget").path("git_url").asString("");
    return named.stream().map(each -> RepositoryList.address(each, gitUrl)).toList();
  }

  private Watching watching(ApiClient api) {
    Screen screen = Screen.of(spec.commandLine(), environment, streams);
    return new Watching(api, options, screen, spec.commandLine().getErr(), true);
  }

  private static int exit(boolean good) {
    return good ? ExitCode.DONE : ExitCode.FAILED;
  }
}
