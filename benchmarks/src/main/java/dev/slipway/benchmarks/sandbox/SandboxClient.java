package dev.slipway.benchmarks.sandbox;

import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.sandbox.Place.Ran;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the API of sandboxes.
public final class SandboxClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Map<String, String> WAIT = Map.of("Prefer", "wait=60");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI installation;
  private final String token;

  private SandboxClient(URI installation, String token) {
    this.installation = installation;
    this.token = token;
  }

  public static SandboxClient of(SlipwayParts slipway) throws IOException {
    return new SandboxClient(slipway.url("slipway"), slipway.secret("token"));
  }

  URI events(String sandbox) {
    return installation.resolve("/api/v1/events?sandbox_id=" + sandbox);
  }

  String token() {
    return token;
  }

  /// Makes one; what is asked of it waits until it runs.
  public String create() throws IOException, InterruptedException {
    return send("POST", "/api/v1/sandboxes", Map.of("timeout_seconds", 600), Map.of())
        .path("sandbox_id")
        .asString();
  }

  /// Waits until it has ended.
  public void kill(String sandbox) throws IOException, InterruptedException {
    JsonNode _ = send("DELETE", "/api/v1/sandboxes/" + sandbox, Map.of(), WAIT);
  }

  /// Starts a command.
  ///
  /// @return its operation
  String run(String sandbox, List<String> argv) throws IOException, InterruptedException {
    return send(
            "POST", "/api/v1/sandboxes/" + sandbox + "/commands", Map.of("argv", argv), Map.of())
        .path("operation_id")
        .asString();
  }

  /// Reads standard output until there are so many bytes, or it has ended.
  ///
  /// @return how many there were
  long output(String operation, long most) throws IOException, InterruptedException {
    long offset = 0;
    boolean ended = false;
    while (!ended && offset < most) {
      String path =
          "/api/v1/operations/%s/output?stream=stdout&offset=%d".formatted(operation, offset);
      HttpResponse<InputStream> answer =
          client.send(request("GET", path, null, WAIT), BodyHandlers.ofInputStream());
      try (InputStream bytes = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new IOException("output is answered " + answer.statusCode());
        }
        offset += bytes.transferTo(OutputStream.nullOutputStream());
      }
      ended = answer.headers().firstValue("Slipway-Output-Ended").orElse("").equals("true");
    }
    return offset;
  }

  /// Waits until it can be used.
  void awaitRunning(String sandbox) throws IOException, InterruptedException {
    JsonNode settled = settled("/api/v1/sandboxes/" + sandbox, List.of("REQUESTED", "CREATED"));
    if (!settled.path("state").asString("").equals("RUNNING")) {
      throw new IOException("a sandbox is not made: " + settled);
    }
  }

  /// Waits until a command has ended.
  ///
  /// @return how much of its standard output is kept, and how long it took by the installation's
  ///   own clock: whoever waits hears of the end a little later
  /// @throws IOException when it has not run, or its exit code is not 0
  Ran awaitSuccess(String operation) throws IOException, InterruptedException {
    JsonNode ended = settled("/api/v1/operations/" + operation, List.of("QUEUED", "RUNNING"));
    if (ended.at("/result/exit_code").asInt(-1) != 0) {
      throw new IOException("a command did not run as it must: " + ended);
    }
    Duration took = Duration.between(time(ended, "created_at"), time(ended, "finished_at"));
    return new Ran(ended.at("/result/stdout_bytes").asLong(), took.toNanos());
  }

  /// Has something done with a repository in a sandbox, and waits until it is.
  ///
  /// @param verb as it stands in the path
  /// @return how long it took by the installation's own clock
  /// @throws IOException when it failed
  public Duration repository(String verb, String sandbox, Map<String, String> more)
      throws IOException, InterruptedException {
    var body = new HashMap<>(more);
    body.put("sandbox_id", sandbox);
    String operation =
        send("POST", "/api/v1/git/" + verb, body, Map.of()).path("operation_id").asString();
    JsonNode ended = settled("/api/v1/operations/" + operation, List.of("QUEUED", "RUNNING"));
    if (!ended.path("state").asString("").equals("SUCCEEDED")) {
      throw new IOException(verb + " is not done: " + ended);
    }
    return Duration.between(time(ended, "created_at"), time(ended, "finished_at"));
  }

  /// Runs a script in a sandbox, and waits until it has ended.
  public void script(String sandbox, String script) throws IOException, InterruptedException {
    Ran _ = awaitSuccess(run(sandbox, List.of("/bin/bash", "-c", script)));
  }

  private static Instant time(JsonNode operation, String field) {
    return Instant.parse(operation.path(field).asString());
  }

  private JsonNode settled(String path, List<String> unsettled)
      throws IOException, InterruptedException {
    JsonNode now;
    do {
      // seldom: who asks all the time takes the processor that he measures
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      now = send("GET", path, null, Map.of());
    } while (unsettled.contains(now.path("state").asString("")));
    return now;
  }

  private JsonNode send(
      String method, String path, @Nullable Object body, Map<String, String> headers)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(request(method, path, body, headers), BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(
          "%s %s is answered %d: %s".formatted(method, path, answer.statusCode(), answer.body()));
    }
    return JSON.readTree(answer.body());
  }

  private HttpRequest request(
      String method, String path, @Nullable Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(installation.resolve(path))
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    headers.forEach(request::header);
    return request.build();
  }

  @Override
  public void close() {
    client.close();
  }
}
