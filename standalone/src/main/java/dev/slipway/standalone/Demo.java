package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks from their beginning to the merge of their pull requests, while people look on.
final class Demo {
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(20);
  private static final int MOST_BEHIND = 100_000;

  private final ApiClient api;
  private final GlobalOptions options;
  private final DemoGitHub gitHub;
  private final DemoTelling telling;
  private final boolean isTold;
  private final String execution = Ids.fresh().toString();
  private final Map<String, DemoTask> tasks = new LinkedHashMap<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>(MOST_BEHIND);

  /// @param isTold whether GitHub calls Slipway; else Slipway is made to look
  Demo(
      ApiClient api,
      GlobalOptions options,
      DemoGitHub gitHub,
      DemoTelling telling,
      boolean isTold) {
    this.api = api;
    this.options = options;
    this.gitHub = gitHub;
    this.telling = telling;
    this.isTold = isTold;
  }

  /// Has all of it done.
  ///
  /// @param repositoryUrl where they are worked at
  /// @param cursor where events go on from before the first of them; empty for now
  DemoReport run(List<DemoWork> work, String repositoryUrl, String cursor)
      throws InterruptedException {
    listen(cursor);
    begin(work, repositoryUrl);
    telling.heading("What happens");
    String one = tasks.keySet().iterator().next();
    telling.command("task", "watch", one);
    telling.call("GET", "/api/v1/events?task_id=" + one, null);
    follow(repositoryUrl);
    for (DemoTask task : tasks.values()) {
      task.counted(task.branch().isEmpty() ? 0 : gitHub.pullRequestsOf(task.branch()));
    }
    return new DemoReport(
        gitHub.repository().toString(), execution, new ArrayList<>(tasks.values()));
  }

  private void listen(String cursor) {
    URI address = options.installation().resolve("/api/v1/events?execution_id=" + execution);
    var stream = new EventStream(address, options.credentials(), cursor);
    var live = new LiveEvents(stream, options.installation(), Progress.NONE);
    Thread _ =
        Thread.ofVirtual()
            .name("demo-events")
            .start(() -> {
              try {
                live.follow(new Queue());
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /// What does not fit is not shown, and read again.
  private final class Queue implements EventStream.Listener {
    @Override
    public boolean event(String json) {
      boolean _ = events.offer(json);
      return true;
    }

    @Override
    public boolean reset(String reason) {
      return true;
    }
  }

  private void begin(List<DemoWork> work, String repositoryUrl) throws InterruptedException {
    telling.heading(work.size() == 1 ? "A task" : work.size() + " tasks");
    for (DemoWork each : work) {
      Map<String, Object> request = each.request(repositoryUrl, execution);
      JsonNode made = api.post(Tasks.PATH, request);
      String name = "#" + (tasks.size() + 1);
      String label = work.size() == 1 ? "" : name;
      Instant createdAt = Instant.parse(made.path("created_at").asString(""));
      var task = new DemoTask(made, name, new TaskStory(telling.screen().ink(), label, createdAt));
      if (tasks.isEmpty()) {
        List<String> words =
            new ArrayList<>(
                List.of(
                    "task",
                    "create",
                    "--repository",
                    gitHub.repository().toString(),
                    "--title",
                    each.title()));
        each.commands().forEach(command -> words.addAll(List.of("--command", command)));
        telling.command(words.toArray(String[]::new));
        telling.call("POST", Tasks.PATH, request);
      }
      telling.line("%s  %s  %s".formatted(name, task.id(), each.title()));
      tasks.put(task.id(), task);
    }
  }

  private void follow(String repositoryUrl) throws InterruptedException {
    Duration patience = PATIENCE.plus(LOOK.multipliedBy(tasks.size()));
    long began = System.nanoTime();
    while (!tasks.values().stream().allMatch(DemoTask::isOver)) {
      if (System.nanoTime() - began > patience.toNanos()) {
        throw new CommandFailedException(
            ExitCode.TIMED_OUT,
            "after %s not all tasks of execution %s are over"
                .formatted(StepTimes.seconds(patience), execution));
      }
      String json = events.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
      if (json == null) {
        readAgain();
      } else {
        show(JsonMapper.shared().readTree(json));
      }
      for (DemoTask task : tasks.values()) {
        if (task.isToMerge()) {
          merge(task, repositoryUrl);
        }
      }
    }
  }

  private void show(JsonNode event) {
    DemoTask task = tasks.get(event.path("context").path("task_id").asString(""));
    if (task != null) {
      task.event(event);
      telling.lines(task.story().of(event));
    }
  }

  /// What no event told.
  private void readAgain() throws InterruptedException {
    for (DemoTask task : tasks.values()) {
      if (!task.isOver()) {
        JsonNode now = api.get(Tasks.path(task.id()));
        task.see(now);
        String sandbox = now.path("sandbox_id").asString("");
        if (Tasks.isOver(task.state()) && (sandbox.isEmpty() || isGone(sandbox))) {
          task.removed();
        }
      }
    }
  }

  private boolean isGone(String sandbox) throws InterruptedException {
    return api.find(Sandboxes.PATH + "/" + sandbox).map(Sandboxes::isOver).orElse(true);
  }

  private void merge(DemoTask task, String repositoryUrl) throws InterruptedException {
    task.see(api.get(Tasks.path(task.id())));
    if (!task.isToMerge()) {
      return;
    }
    boolean first = tasks.values().iterator().next() == task;
    telling.heading("Its pull request: " + task.url());
    if (first) {
      String name = gitHub.repository() + "#" + task.number();
      telling.command("pr", "show", name);
      telling.call(
          "GET", "/api/v1/pull-requests/" + gitHub.repository() + "/" + task.number(), null);
      telling.command("task", "show", task.id(), "--diff");
      telling.call("GET", Tasks.path(task.id()) + "/diff", null);
    }
    Optional<String> patch = api.text(Tasks.path(task.id()) + "/diff");
    telling.diff(patch.orElse(""));
    telling.line(
        "It is merged, as people do; "
            + (isTold
                ? "GitHub tells Slipway."
                : "Slipway is made to look, since nobody tells it."));
    if (first) {
      telling.onGitHub(
          "PUT",
          "/repos/%s/pulls/%d/merge".formatted(gitHub.repository(), task.number()),
          Map.of());
    }
    gitHub.merge(task.number());
    task.merged();
    if (!isTold) {
      JsonNode _ =
          api.post(
              "/api/v1/github/pull-requests",
              Map.of("repository_url", repositoryUrl, "head", task.branch()),
              LOOK);
    }
  }
}
