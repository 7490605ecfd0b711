package dev.slipway.standalone;

import dev.slipway.benchmarks.latency.Journey;
import dev.slipway.benchmarks.latency.PullRequestWebhooks;
import dev.slipway.standalone.directory.DataDirectory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Work of every kind in a process that has just started, for the JDK to learn what is called how
/// often (JEP 515): webhooks through to a listener, at a steady rate and as many as it takes, what
/// is refused, what is looked at, tasks through their sandboxes, a replay.
///
/// What fails is said, and the rest goes on: less is learnt, and nothing is wrong with what was.
final class Rehearsal {
  private static final int STEADY = 300;
  private static final Duration STEADILY = Duration.ofSeconds(8);
  private static final int BURST = 40_000;
  private static final Duration BURST_OF = Duration.ofMillis(100);
  private static final int LOOKS = 50;

  private final URI installation;
  private final DataDirectory directory;
  private final Consumer<String> said;
  private final Commands commands;

  /// Runs a command in this process.
  @FunctionalInterface
  interface Commands {
    /// Runs it, and returns its exit status.
    int run(String... words);
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  Rehearsal(URI installation, DataDirectory directory, Consumer<String> said, Commands commands) {
    this.installation = installation;
    this.directory = directory;
    this.said = said;
    this.commands = commands;
  }

  void run() throws InterruptedException {
    step("webhooks", this::webhooks);
    step("requests", this::requests);
    step("tasks", () -> command("demo", "--tasks", "2"));
    step("a replay", () -> command("replay", "--stage", "pr-service.deliveries"));
  }

  private void step(String name, Step step) throws InterruptedException {
    long began = System.nanoTime();
    String end;
    try {
      step.run();
      end = "";
    } catch (IOException | RuntimeException e) {
      end = ", failed: " + e.getMessage();
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    said.accept("%s: %d ms%s".formatted(name, took.toMillis(), end));
  }

  private void webhooks() throws IOException, InterruptedException {
    try (Journey journey =
        Journey.through(
            installation.resolve("/webhooks/github"),
            directory.webhookSecret().split(",", 2)[0],
            installation.resolve("/api/v1/events"),
            token())) {
      Journey.Turn _ = journey.run(STEADY, STEADILY);
      Journey.Turn _ = journey.run(BURST, BURST_OF);
    }
  }

  /// What is looked at, and what is refused.
  private void requests() throws IOException, InterruptedException {
    String token = token();
    List<String> paths =
        List.of(
            "/api/v1/deliveries",
            "/api/v1/deliveries?limit=200",
            "/api/v1/pull-requests",
            "/api/v1/pull-requests/acme/site-1/1",
            "/api/v1/pull-requests/acme/site-1/1/timeline",
            "/api/v1/tasks",
            "/api/v1/sandboxes",
            "/api/v1/nothing",
            "/readyz",
            "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int look = 0; look < LOOKS; look++) {
        for (String path : paths) {
          send(client, get(path).header("Authorization", "Bearer " + token));
        }
        send(client, get("/api/v1/tasks"));
        send(client, unsigned(look));
      }
    }
  }

  private String token() throws IOException {
    return Files.readString(directory.root().resolve("token")).strip();
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(installation.resolve(path));
  }

  private HttpRequest.Builder unsigned(int number) {
    return HttpRequest.newBuilder(installation.resolve("/webhooks/github"))
        .header("Content-Type", number % 2 == 0 ? "application/json" : "text/plain")
        .header("X-GitHub-Event", "pull_request")
        .header("X-GitHub-Delivery", "rehearsal-" + number)
        .header("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
        .POST(BodyPublishers.ofByteArray(new PullRequestWebhooks("other").body(number)));
  }

  private static void send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var _ = client.send(request.build(), BodyHandlers.discarding());
  }

  private void command(String... words) throws IOException {
    int status = commands.run(words);
    if (status != ExitCode.DONE) {
      throw new IOException("exit status " + status);
    }
  }
}
