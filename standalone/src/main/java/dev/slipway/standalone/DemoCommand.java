package dev.slipway.standalone;

import dev.slipway.schemas.Ids;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.RepositoryPath;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Shows the main job end to end.
@Command(
    name = "demo",
    description = {
      "Takes a task through sandbox, clone, branch, work, commit, push and pull request, merges that,"
          + " sees the merge come back and the sandbox go; live.",
      "Uses what runs on the data directory, else starts Slipway and ends it again.",
      "Exit status 0: each task is done, with one pull request, and its sandbox is gone."
    })
final class DemoCommand implements Callable<Integer> {
  private static final int MOST_TASKS = 100;
  private static final int SUFFIX = 8;
  private static final Set<String> OF_GITHUB =
      Set.of("GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_KEY_FILE", "GITHUB_API_URL");
  private static final Set<String> OF_E2B = Set.of("E2B_API_KEY", "E2B_API_URL", "E2B_SANDBOX_URL");

  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final StandardStreams streams;
  private final Clock clock;

  @Spec CommandSpec spec;

  @Option(names = "--tasks", paramLabel = "N", description = "How many (default: 1).")
  int count = 1;

  @Option(names = "--keep", description = "Leave running what was started.")
  boolean keep;

  @Option(
      names = "--github",
      description =
          "On GitHub, by GITHUB_TOKEN (or GITHUB_APP_ID and GITHUB_APP_KEY_FILE), in --repository.")
  boolean onGitHub;

  @Option(
      names = "--repository",
      paramLabel = "OWNER/NAME",
      description = "Of --github: gets a branch, a pull request and a merge for each task.")
  @Nullable String repository;

  @Option(
      names = "--webhook-url",
      paramLabel = "URL",
      description =
          "Of --github: where GitHub reaches Slipway, through a tunnel as a rule; without it Slipway"
              + " is made to look.")
  @Nullable URI webhookUrl;

  @Option(names = "--e2b", description = "In sandboxes of E2B, by E2B_API_KEY.")
  boolean onE2b;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  DemoCommand(
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
    String run = Ids.fresh().toString();
    run = run.substring(run.length() - SUFFIX);
    RepositoryPath path = check(run);
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    var wanted = new DemoInstallation.Wanted(hidden(), keep);
    DemoReport report;
    try (DemoInstallation installation = DemoInstallation.open(options, wanted, progress)) {
      useTokenOfDirectory();
      requireSandboxes(installation);
      report = show(path, run, progress);
      tell(report, installation);
      if (installation.isOwn()) {
        progress.say("ending what was started (--keep leaves it running)");
      }
    } catch (GitHubException e) {
      throw new CommandFailedException(
          ExitCode.FAILED, HarmlessWriter.escaped(String.valueOf(e.getMessage())));
    }
    return report.isGood() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private RepositoryPath check(String run) {
    if (count < 1 || count > MOST_TASKS) {
      throw usage("--tasks must be 1 to " + MOST_TASKS);
    }
    if (onE2b && !isSet("E2B_API_KEY")) {
      throw usage("--e2b needs E2B_API_KEY");
    }
    if (!onGitHub) {
      if (repository != null || webhookUrl != null) {
        throw usage("--repository and --webhook-url belong to --github");
      }
      return new RepositoryPath("slipway", "demo-" + run);
    }
    if (repository == null) {
      throw usage("--github needs --repository OWNER/NAME: one that may be changed");
    }
    if (!isSet("GITHUB_TOKEN") && !isSet("GITHUB_APP_ID")) {
      throw usage("--github needs GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_KEY_FILE");
    }
    return RepositoryPath.parse(repository)
        .orElseThrow(() -> usage("a repository is named OWNER/NAME"));
  }

  private boolean isSet(String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// What an installation is not to see that works on its own.
  private Set<String> hidden() {
    Set<String> all = new HashSet<>();
    if (!onGitHub) {
      all.addAll(OF_GITHUB);
    }
    if (!onE2b) {
      all.addAll(OF_E2B);
    }
    return all;
  }

  /// `SLIPWAY_TOKEN` may be for another installation.
  private void useTokenOfDirectory() {
    if (options.url == null && options.token == null && options.tokenFile == null) {
      options.tokenFile = options.dataDir.resolve("token");
    }
  }

  private void requireSandboxes(DemoInstallation installation) throws IOException {
    if (!onE2b) {
      installation
          .withoutSandboxes(options)
          .ifPresent(why -> {
            throw new CommandFailedException(
                ExitCode.PREREQUISITE, HarmlessWriter.escaped(why) + " (or give --e2b)");
          });
    }
  }

  private DemoReport show(RepositoryPath path, String run, Progress progress)
      throws InterruptedException {
    Map<String, String> visible = new TreeMap<>(environment);
    visible.keySet().removeIf(name -> !onGitHub && OF_GITHUB.contains(name));
    var access = new GitHubAccess(visible, options.dataDir);
    Endpoints endpoints = Endpoints.read(options.dataDir);
    String gitHubApi =
        onGitHub
            ? environment.getOrDefault("GITHUB_API_URL", "https://api.github.com")
            : endpoints.find(Endpoint.GITHUB).orElse("");
    Screen screen = Screen.of(spec.commandLine(), environment, streams);
    var telling =
        new DemoTelling(
            screen,
            options.quiet || options.json,
            options.dataDir,
            options.installation(),
            gitHubApi);
    try (ApiClient api = options.api();
        DemoGitHub gitHub = DemoGitHub.open(access, path, clock)) {
      String gitUrl = api.get("/api/v1/github/budget").path("git_url").asString("");
      requireSame(gitUrl, endpoints);
      Optional<String> hook =
          onGitHub
              ? Optional.ofNullable(webhookUrl).map(URI::toString)
              : Optional.of(options.installation().resolve("/webhooks/github").toString());
      String cursor = prepare(gitHub, telling, hook, api, progress);
      List<DemoWork> work =
          IntStream.range(0, count)
              .mapToObj(n -> onGitHub ? DemoWork.anywhere(n, run) : DemoWork.of(n))
              .toList();
      return new Demo(api, options, gitHub, telling, hook.isPresent())
          .run(work, gitUrl + "/" + path, cursor);
    }
  }

  private void requireSame(String gitUrl, Endpoints endpoints) {
    boolean own = endpoints.find(Endpoint.GIT).filter(gitUrl::equals).isPresent();
    if (onGitHub == own && !isSet("GITHUB_API_URL")) {
      throw new CommandFailedException(
          ExitCode.PREREQUISITE,
          own
              ? "what runs on the data directory works with a GitHub of its own: end it, or choose"
                  + " another --data-dir"
              : "what runs on the data directory works with %s: give --github, or choose another --data-dir"
                  .formatted(gitUrl));
    }
  }

  /// @return where events go on from before the first task; empty when that is not known
  private String prepare(
      DemoGitHub gitHub,
      DemoTelling telling,
      Optional<String> hook,
      ApiClient api,
      Progress progress)
      throws InterruptedException {
    telling.heading("A repository: " + gitHub.repository());
    telling.authorizations(!onGitHub);
    if (!onGitHub) {
      telling.onGitHub(
          "POST", "/user/repos", Map.of("name", gitHub.repository().name(), "auto_init", true));
      gitHub.create(DemoWork.files());
    }
    if (hook.isEmpty()) {
      return "";
    }
    telling.command(
        "github", "connect", gitHub.repository().toString(), "--webhook-url", hook.get());
    HookConnection.Ping ping = gitHub.connect(hook.get(), progress);
    if (!ping.isTaken()) {
      throw new CommandFailedException(ExitCode.FAILED, ping.remedy(URI.create(hook.get())));
    }
    telling.line("Its webhooks arrive: a ping was answered with " + ping.statusCode() + ".");
    String path = "/api/v1/deliveries/" + ping.guid();
    return HookConnection.await(() -> api.find(path)).isPresent()
        ? api.listenable(path).cursor()
        : "";
  }

  private void tell(DemoReport report, DemoInstallation installation) {
    if (!options.json && !options.quiet) {
      Screen screen = Screen.of(spec.commandLine(), environment, streams);
      screen.line("");
      screen.line(
          report.isGood()
              ? screen.ink().good("Each task became one pull request.")
              : screen.ink().bad("Not each task became one pull request that was merged."));
      report.tasks().stream()
          .filter(task -> !task.failure().isEmpty())
          .forEach(task -> screen.line(task.name() + " " + HarmlessWriter.escaped(task.failure())));
    }
    Printer.of(spec.commandLine(), options).print(report.json(), report.table());
    if (!options.json && !options.quiet) {
      String id = report.tasks().getFirst().id();
      Screen screen = Screen.of(spec.commandLine(), environment, streams);
      screen.line(
          screen
              .ink()
              .faint(
                  "  $ ./slipway trace %s --data-dir %s"
                      .formatted(id, DemoTelling.quoted(options.dataDir.toString()))));
      installation
          .left()
          .ifPresent(pid ->
              screen.line(
                  "Slipway goes on running at %s; `kill %d` ends it"
                      .formatted(options.installation(), pid)));
    }
  }
}
