package dev.slipway.standalone;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// Makes a sandbox.
@Command(
    name = "create",
    description = {
      "Makes a sandbox, and waits until it runs.",
      "Exit status 1: it could not be made."
    })
final class SandboxCreateCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(names = "--template", description = "What it begins with (default: base).")
  @Nullable String template;

  @Option(names = "--name", description = "A name of its own among those that are not over.")
  @Nullable String name;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Its whole life, up to 24h (default: 5m).")
  @Nullable Duration timeout;

  @Option(
      names = "--network",
      paramLabel = "on|off|HOST,…",
      split = ",",
      description = "Where it may connect to (default: on).")
  List<String> network = List.of();

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of all its commands; a VALUE may be secret://file/… . Repeatable.")
  List<String> environment = List.of();

  @Option(
      names = "--metadata",
      paramLabel = "NAME=VALUE",
      description = "A mark to find it by. Repeatable.")
  List<String> metadata = List.of();

  @Option(names = "--repository", paramLabel = "URL", description = "What it is made for.")
  @Nullable String repository;

  @Option(names = "--no-wait", description = "Do not wait until it runs.")
  boolean noWait;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  SandboxCreateCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws InterruptedException {
    Map<String, Object> request = request();
    JsonNode sandbox;
    try (ApiClient api = options.api()) {
      sandbox = api.post(Sandboxes.PATH, request, noWait ? Duration.ZERO : Sandboxes.FIRST_WAIT);
      if (!noWait) {
        Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
        sandbox =
            new Sandboxes(api).await(sandbox, Set.of("RUNNING", "PAUSED"), PATIENCE, progress);
      }
    }
    SandboxCommand.print(spec.commandLine(), options, sandbox);
    if (!noWait && Sandboxes.isOver(sandbox)) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          Sandboxes.label(sandbox) + " does not run, " + Sandboxes.failure(sandbox));
    }
    return ExitCode.DONE;
  }

  private Map<String, Object> request() {
    Map<String, Object> request = new LinkedHashMap<>();
    put(request, "template", template);
    put(request, "name", name);
    if (timeout != null) {
      request.put("timeout_seconds", Sandboxes.seconds("--timeout", timeout));
    }
    if (!network.isEmpty()) {
      boolean isWord = network.size() == 1 && Set.of("on", "off").contains(network.getFirst());
      request.put("network", isWord ? network.getFirst() : network);
    }
    request.put("environment", Sandboxes.pairs("--env", environment));
    request.put("metadata", Sandboxes.pairs("--metadata", metadata));
    put(request, "repository_url", repository);
    return request;
  }

  private static void put(Map<String, Object> request, String field, @Nullable String value) {
    if (value != null) {
      request.put(field, value);
    }
  }
}
