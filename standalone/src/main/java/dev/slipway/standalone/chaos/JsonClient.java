package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// A client of servers that die and come back: it asks again, elsewhere if there are several.
final class JsonClient implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final List<URI> servers;
  private final Map<String, String> headers;

  /// Whom to ask first: he who answered last.
  private final AtomicInteger turn = new AtomicInteger();

  /// @param servers that do the same
  /// @param headers of each request
  JsonClient(List<URI> servers, Map<String, String> headers) {
    this.servers = List.copyOf(servers);
    this.headers = Map.copyOf(headers);
  }

  /// Asks until there is an answer that is not for now.
  ///
  /// @throws IOException when there is none in minutes
  Answer get(String path) throws IOException, InterruptedException {
    return ask("GET", path, null, Map.of());
  }

  /// As [#get(String)], with a body and more headers.
  Answer ask(String method, String path, @Nullable Object body, Map<String, String> more)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      Optional<Answer> answer = tryOnce(method, path, body, more);
      if (answer.filter(it -> !it.isForNow()).isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new IOException(
            "%s %s at %s has no answer in %d s, the last was %s"
                .formatted(
                    method,
                    path,
                    servers,
                    PATIENCE.toSeconds(),
                    answer.map(it -> it.status() + " " + it.json()).orElse("none")));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  /// As [#ask], provided that the answer has this status.
  JsonNode require(int status, String method, String path, @Nullable Object body)
      throws IOException, InterruptedException {
    Answer answer = ask(method, path, body, Map.of());
    if (answer.status() != status) {
      throw new IOException(
          "%s %s is answered %d: %s".formatted(method, path, answer.status(), answer.json()));
    }
    return answer.json();
  }

  /// Asks once.
  ///
  /// @return empty when nobody answers
  Optional<Answer> tryOnce(
      String method, String path, @Nullable Object body, Map<String, String> more)
      throws InterruptedException {
    int at = turn.get();
    URI server = servers.get(Math.floorMod(at, servers.size()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : server + path))
            .timeout(REQUEST_LIMIT)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(JSON.writeValueAsString(body)));
    headers.forEach(request::header);
    more.forEach(request::header);
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      if (answer.statusCode() >= 500) {
        boolean _ = turn.compareAndSet(at, at + 1);
      }
      return Optional.of(
          new Answer(
              answer.statusCode(),
              answer.headers().firstValue("Link").flatMap(JsonClient::next),
              JSON.readTree(answer.body())));
    } catch (JacksonException _) {
      return Optional.of(new Answer(500, Optional.empty(), MissingNode.getInstance()));
    } catch (IOException _) {
      boolean _ = turn.compareAndSet(at, at + 1);
      return Optional.empty();
    }
  }

  private static Optional<String> next(String link) {
    Matcher matcher = NEXT.matcher(link);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
