package dev.slipway.standalone.chaos;

import dev.slipway.schemas.Ids;
import dev.slipway.standalone.chaos.Course.Situation;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// One run: an installation, its tasks, its faults, and what is left of them.
public final class Chaos implements AutoCloseable {
  private static final int MOST_REPOSITORIES = 5;

  /// Its services are told to be as persistent as the plan is: sandboxes die with their server, so
  /// that one task may lose several; and what GitHub was killed before telling is read soon.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "SLIPWAY_TASK_ATTEMPTS", "30",
          "SLIPWAY_TASK_MINBACKOFF", "1s",
          "SLIPWAY_TASK_MAXBACKOFF", "4s",
          "SLIPWAY_TASK_REVIEW", "40s");

  private final ChaosPlan plan;
  private final Limits limits;
  private final Consumer<String> progress;
  private final Installation installation;
  private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final long began = System.nanoTime();

  /// How much at once, and how long.
  ///
  /// @param atOnce how many tasks are on their way at the same time
  /// @param settle within which all are settled after the last fault
  public record Limits(int atOnce, Duration settle) {}

  /// @param progress told what goes on, for people
  public Chaos(ChaosPlan plan, Limits limits, ChaosPlace place, Consumer<String> progress) {
    this.plan = plan;
    this.limits = limits;
    this.progress = progress;
    installation = new Installation(place, SETTINGS);
  }

  /// Runs all of it.
  public Verdict run() throws IOException, InterruptedException {
    progress.accept("starting seven parts as nine processes");
    installation.start();
    progress.accept("all are ready");
    String gitHubUrl = installation.urls(Part.LOCAL_GITHUB).getFirst().toString();
    URI ingress = installation.urls(Part.WEBHOOK_INGRESS).getFirst();
    GitHubSide gitHub = new GitHubSide(gitHub(gitHubUrl + "/api/v3"));
    Courier courier = opened(Courier.start(ingress.resolve("/webhooks/github")));
    Work work = new Work(repositories(gitHub, courier));
    TaskApi tasks = new TaskApi(slipway(Part.PR_SERVICE), Ids.fresh());
    JsonClient provider =
        opened(
            new JsonClient(
                installation.urls(Part.LOCAL_E2B),
                Map.of("X-API-KEY", installation.secret("e2b-api-key"))));
    FaultRunner faults =
        new FaultRunner(
            plan,
            new FaultRunner.Surroundings(
                installation,
                courier,
                new LocalDouble(gitHub(gitHubUrl)),
                new LocalDouble(provider)),
            work,
            progress);
    FinalChecks checks =
        new FinalChecks(
            installation, tasks, slipway(Part.SANDBOX_WORKER), provider, courier, new AtomicLong());
    Situation situation = new Situation(tasks, gitHub, work);
    return judge(new Course(plan, situation, faults, limits.settle, progress), checks);
  }

  private Verdict judge(Course course, FinalChecks checks)
      throws IOException, InterruptedException {
    Situation situation = course.situation();
    Future<Integer> reviewer =
        people.submit(
            new Reviewer(
                situation.gitHub(),
                situation.tasks(),
                situation.work(),
                checks.courier(),
                isOver::get));
    Future<Integer> load =
        people.submit(
            new Load(
                plan,
                situation.tasks(),
                situation.work(),
                course.faults()::gate,
                people,
                limits.atOnce));
    List<Check> found = new ArrayList<>();
    found.add(
        new Check(
            "the plan carried out", course.await(List.of(load, people.submit(course.faults())))));
    Duration settled = course.settled();
    found.add(situation.look().allSettled());
    Duration cleared = course.cleared(checks);
    isOver.set(true);
    found.add(new Check("people served", Course.failure(reviewer).stream().toList()));
    progress.accept("checking");
    Seen seen = situation.look();
    found.addAll(
        List.of(
            seen.onePullRequest(),
            seen.noneFailed(),
            seen.asDecided(),
            seen.conserved(),
            FinalChecks.changes(seen, situation.gitHub()),
            checks.deliveries(),
            checks.sandboxes(seen),
            checks.eachIdOnce(),
            checks.rebuilds(),
            checks.processes()));
    Map<String, String> counts = counts(course, checks, seen);
    counts.put("settled after the last fault", seconds(settled));
    counts.put("cleared away after that", seconds(cleared));
    counts.put("in all", seconds(Duration.ofNanos(System.nanoTime() - began)));
    return new Verdict(counts, found);
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1e3);
  }

  private Map<String, String> counts(Course course, FinalChecks checks, Seen seen) {
    Work work = course.situation().work();
    Map<String, String> counts = new LinkedHashMap<>();
    counts.put("seed", Long.toString(plan.seed()));
    counts.put("tasks", Integer.toString(work.asked()));
    for (String state : List.of("IN_REVIEW", "DONE", "CLOSED", "CANCELLED", "FAILED")) {
      long count = work.ids().stream().filter(id -> seen.state(id).equals(state)).count();
      counts.put("  " + state, Long.toString(count));
    }
    int pulls = seen.pulls().values().stream().mapToInt(List::size).sum();
    counts.put("pull requests at GitHub", Integer.toString(pulls));
    counts.put("faults", Integer.toString(course.faults().ended()));
    course
        .faults()
        .counts()
        .forEach((kind, count) -> counts.put("  " + kind.title(), count.toString()));
    counts.put("points reached", Integer.toString(course.faults().pointsReached()));
    int accepted = checks.courier().accepted().values().stream().mapToInt(n -> n).sum();
    counts.put("deliveries accepted", Integer.toString(accepted));
    counts.put("records read", Long.toString(checks.records().get()));
    return counts;
  }

  private List<Work.Repository> repositories(GitHubSide gitHub, Courier courier)
      throws IOException, InterruptedException {
    String secret = installation.secret("webhook-secret");
    String run = Long.toString(Ids.fresh().getMostSignificantBits() >>> Short.SIZE, 36);
    List<Work.Repository> made = new ArrayList<>();
    for (int n = 1; n <= Math.min(MOST_REPOSITORIES, plan.tasks().size()); n++) {
      String name = "chaos-%s-%d".formatted(run, n);
      made.add(new Work.Repository(name, gitHub.create(name, courier.url(), secret)));
    }
    return made;
  }

  private JsonClient slipway(Part part) throws IOException {
    return opened(
        new JsonClient(
            installation.urls(part),
            Map.of("Authorization", "Bearer " + installation.secret("token"))));
  }

  private JsonClient gitHub(String base) throws IOException {
    return opened(
        new JsonClient(
            List.of(URI.create(base)),
            Map.of(
                "Authorization",
                "Bearer " + installation.secret("github-token"),
                "User-Agent",
                "slipway-chaos")));
  }

  private <T extends AutoCloseable> T opened(T one) {
    opened.add(one);
    return one;
  }

  /// Ends all that was started.
  @Override
  public void close() throws IOException {
    isOver.set(true);
    var _ = people.shutdownNow();
    installation.close();
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (Exception e) { // of AutoCloseable
        throw new IOException("not closed", e);
      }
    }
  }
}
