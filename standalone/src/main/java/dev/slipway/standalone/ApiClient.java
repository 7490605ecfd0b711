package dev.slipway.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Talks to the API of an installation, with one token.
final class ApiClient implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);

  /// 100 MiB, the largest file, over half a megabit a second.
  private static final Duration UPLOAD_LIMIT = Duration.ofMinutes(30);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build();
  private final URI installation;
  private final String token;

  ApiClient(URI installation, String token) {
    this.installation = installation;
    this.token = token;
  }

  JsonNode get(String path) throws InterruptedException {
    return checked(exchange(request("GET", path, BodyPublishers.noBody()).build()));
  }

  /// Empty when there is no such thing.
  Optional<JsonNode> find(String path) throws InterruptedException {
    HttpResponse<String> answer = exchange(request("GET", path, BodyPublishers.noBody()).build());
    return answer.statusCode() == 404 ? Optional.empty() : Optional.of(checked(answer));
  }

  /// Something that can be listened to.
  ///
  /// @param cursor where its events go on after it was read; empty when it does not say
  record Listenable(JsonNode resource, String cursor) {}

  /// A resource, and where its events go on.
  Listenable listenable(String path) throws InterruptedException {
    HttpResponse<String> answer = exchange(request("GET", path, BodyPublishers.noBody()).build());
    return new Listenable(
        checked(answer), answer.headers().firstValue("Slipway-Cursor").orElse(""));
  }

  /// A text that is no JSON; empty when there is no such thing.
  Optional<String> text(String path) throws InterruptedException {
    HttpResponse<String> answer = exchange(request("GET", path, BodyPublishers.noBody()).build());
    if (answer.statusCode() != 200 && answer.statusCode() != 404) {
      JsonNode _ = checked(answer);
    }
    return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
  }

  /// Asks for something under a key by which asking again is the same.
  JsonNode post(String path, Map<String, ?> body, String key) throws InterruptedException {
    BodyPublisher json = BodyPublishers.ofString(JSON.writeValueAsString(body));
    return checked(exchange(request("POST", path, json).header("Idempotency-Key", key).build()));
  }

  JsonNode post(String path, Map<String, ?> body) throws InterruptedException {
    return post(path, body, Duration.ZERO);
  }

  /// As the other, preferring to wait so long for what is asked for to be settled.
  JsonNode post(String path, Map<String, ?> body, Duration wait) throws InterruptedException {
    BodyPublisher json = BodyPublishers.ofString(JSON.writeValueAsString(body));
    return checked(exchange(waiting(request("POST", path, json), wait).build()));
  }

  /// Preferring to wait so long until it is gone.
  JsonNode delete(String path, Duration wait) throws InterruptedException {
    HttpRequest.Builder request = request("DELETE", path, BodyPublishers.noBody());
    return checked(exchange(waiting(request, wait).build()));
  }

  /// Sends bytes as they come, once the installation has said that it takes them.
  JsonNode put(String path, BodyPublisher bytes) throws InterruptedException {
    HttpRequest request =
        request("PUT", path, bytes)
            .timeout(UPLOAD_LIMIT)
            .setHeader("Content-Type", "application/octet-stream")
            .expectContinue(true)
            .build();
    return checked(exchange(request));
  }

  private HttpRequest.Builder request(String method, String path, BodyPublisher body) {
    return HttpRequest.newBuilder(installation.resolve(path))
        .timeout(REQUEST_LIMIT)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .method(method, body);
  }

  private static HttpRequest.Builder waiting(HttpRequest.Builder request, Duration wait) {
    return wait.isZero() ? request : request.header("Prefer", "wait=" + wait.toSeconds());
  }

  private HttpResponse<String> exchange(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (HttpTimeoutException _) {
      throw new CommandFailedException(ExitCode.TIMED_OUT, installation + " does not answer");
    } catch (IOException _) {
      throw new CommandFailedException(ExitCode.UNREACHABLE, installation + " is not reachable");
    }
  }

  private JsonNode checked(HttpResponse<String> answer) {
    JsonNode json = read(answer);
    if (answer.statusCode() >= 400) {
      int code = answer.statusCode() == 503 ? ExitCode.UNREACHABLE : ExitCode.FAILED;
      throw new CommandFailedException(
          code, "%s answers %d: %s".formatted(installation, answer.statusCode(), explain(json)));
    }
    return json;
  }

  private JsonNode read(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JacksonException _) {
      throw new CommandFailedException(
          ExitCode.FAILED, installation + " does not speak Slipway's API");
    }
  }

  /// What a problem says for people, on one line: its detail, and that of each field.
  static String explain(JsonNode problem) {
    StringBuilder text =
        new StringBuilder(problem.path("detail").asString(problem.path("title").asString("")));
    for (JsonNode error : problem.path("errors")) {
      text.append(' ')
          .append(error.path("field").asString(""))
          .append(": ")
          .append(error.path("detail").asString(""));
    }
    return HarmlessWriter.escaped(text.toString());
  }

  @Override
  public void close() {
    client.close();
  }
}
