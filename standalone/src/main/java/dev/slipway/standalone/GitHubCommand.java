package dev.slipway.standalone;

import dev.slipway.pr.delivery.FollowedEvents;
import dev.slipway.pr.github.CallBudget;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.HookSettings;
import dev.slipway.pr.github.RepositoryHooks;
import dev.slipway.standalone.HookConnection.Connected;
import dev.slipway.standalone.HookConnection.Ping;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.RepositoryPath;
import dev.slipway.web.security.Caller;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// What has to be set up on GitHub.
@Command(name = "github", description = "What has to be set up on GitHub.")
final class GitHubCommand implements Runnable {
  private final GlobalOptions options;
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  GitHubCommand(GlobalOptions options, Map<String, String> environment, Clock clock) {
    this.options = options;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "github needs a subcommand: connect");
  }

  @Command(
      name = "connect",
      description = {
        "Makes or repairs the webhook of a repository, and shows a ping arriving.",
        "GitHub is that of GITHUB_API_URL, with GITHUB_TOKEN or GITHUB_APP_ID and"
            + " GITHUB_APP_KEY_FILE; without them the data directory's own."
      })
  int connect(
      @Parameters(paramLabel = "OWNER/NAME") String repository,
      @Option(
              names = "--webhook-url",
              paramLabel = "URL",
              required = true,
              description = "Where GitHub reaches Slipway, such as https://host/webhooks/github.")
          URI url,
      @Option(
              names = "--secret-file",
              paramLabel = "FILE",
              description =
                  "File of the secret that webhooks are signed with (default:"
                      + " GITHUB_WEBHOOK_SECRET, else the data directory's).")
          @Nullable Path secretFile,
      @Option(
              names = "--hook",
              paramLabel = "ID",
              description = "The webhook to be repaired, where it has another URL so far.")
          @Nullable Long hook,
      @Option(names = "--dry-run", description = "Only say what would be done.") boolean dryRun)
      throws InterruptedException {
    RepositoryPath path =
        RepositoryPath.parse(repository)
            .orElseThrow(() ->
                new ParameterException(
                    spec.commandLine(), "a repository is named OWNER/NAME, not " + repository));
    requireAddress(url);
    GitHubAccess access = new GitHubAccess(environment, options.dataDir);
    var settings =
        new HookSettings(
            url.toString(), access.webhookSecret(secretFile), FollowedEvents.ofRepositories());
    try (GitHubApi api = access.open(clock)) {
      RepositoryHooks hooks =
          GitHub.over(api, CallBudget.UNLIMITED).hooks(Caller.DEFAULT_TENANT, path);
      var connection = new HookConnection(hooks, settings, progress());
      Connected connected = connection.connect(hook, dryRun);
      if (dryRun) {
        print(path, connected, null, null);
        return ExitCode.DONE;
      }
      Ping ping = connection.ping(connected);
      JsonNode delivery = ping.isTaken() ? arrived(ping.guid()) : null;
      print(path, ping.of(), ping, delivery);
      if (!ping.isTaken()) {
        throw new CommandFailedException(ExitCode.FAILED, ping.remedy(url));
      }
      return ExitCode.DONE;
    } catch (GitHubException e) {
      throw new CommandFailedException(
          exitCode(e.code()), HarmlessWriter.escaped(String.valueOf(e.getMessage())));
    }
  }

  private void requireAddress(URI url) {
    boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!web || url.getHost() == null || url.getRawUserInfo() != null) {
      throw new ParameterException(
          spec.commandLine(), "--webhook-url must be an http or https address");
    }
  }

  private static int exitCode(FailureCode code) {
    return switch (code) {
      case UNAVAILABLE, RATE_LIMITED -> ExitCode.UNREACHABLE;
      case TIMEOUT -> ExitCode.TIMED_OUT;
      case AUTH_FAILED -> ExitCode.PREREQUISITE;
      default -> ExitCode.FAILED;
    };
  }

  /// What Slipway says of a delivery, as far as it can be asked.
  private @Nullable JsonNode arrived(String guid) throws InterruptedException {
    try (ApiClient api = options.api()) {
      return HookConnection.await(() -> api.find("/api/v1/deliveries/" + guid)).orElse(null);
    } catch (CommandFailedException e) {
      progress()
          .say("GitHub's log says that it arrived; Slipway cannot be asked: " + e.getMessage());
      return null;
    }
  }

  private void print(
      RepositoryPath path, Connected connected, @Nullable Ping ping, @Nullable JsonNode delivery) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("repository", path.toString());
    json.put("hook_id", connected.hookId());
    json.put("action", connected.action());
    json.put("changed", connected.changed());
    json.put("dry_run", ping == null);
    json.put("ping", ping == null ? null : ping.json());
    json.put("delivery", delivery);
    Printer.of(spec.commandLine(), options)
        .print(
            json,
            new Table()
                .row("REPOSITORY", "HOOK", "ACTION", "CHANGED", "PING", "SLIPWAY")
                .row(
                    path.toString(),
                    connected.hookId() == null ? "-" : connected.hookId().toString(),
                    connected.action(),
                    connected.changed().isEmpty() ? "-" : String.join(", ", connected.changed()),
                    ping == null ? "-" : ping.text(),
                    delivery == null ? "-" : delivery.path("outcome").asString("-")));
  }

  private Progress progress() {
    return new Progress(spec.commandLine().getErr(), options.quiet);
  }
}
