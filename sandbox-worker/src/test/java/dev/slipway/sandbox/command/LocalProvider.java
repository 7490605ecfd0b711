package dev.slipway.sandbox.command;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A local server of sandboxes in this process, which counts what it is asked, does wrong when it
/// is told to, and can lose everything.
public final class LocalProvider implements AutoCloseable {
  private static final String KEY = "e2b_" + "0".repeat(40);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;
  private final HttpClient http = HttpClient.newHttpClient();

  // CONFINED: to the thread of the tests
  private LocalE2b server;

  LocalProvider(Path directory) {
    this.directory = directory;
    this.server = start(directory, 0);
  }

  private static LocalE2b start(Path directory, int port) {
    try {
      return LocalE2b.start(
          LocalE2bSettings.of(port, KEY, directory, directory.resolve("templates")),
          BubblewrapBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT),
          Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a worker is told of it.
  List<String> settings() {
    return List.of(
        "--slipway.e2b.api-key=" + KEY,
        "--slipway.e2b.api-url=" + server.url(),
        "--slipway.e2b.sandbox-url=" + server.url());
  }

  /// It loses all that it has.
  void restart() {
    int port = server.port();
    server.close();
    server = start(directory, port);
  }

  /// Has it do something wrong.
  public void fault(String rule) {
    ask("PUT", "/_slipway/faults", "{\"rules\": [%s]}".formatted(rule));
  }

  /// How often it was asked something since it began.
  public int calls(String route) {
    return ask("GET", "/_slipway/calls", "").path(route).asInt();
  }

  /// Its own list.
  JsonNode list() {
    return ask("GET", "/v2/sandboxes?state=running,paused", "");
  }

  /// Its ids of what was made for a sandbox.
  List<String> madeFor(String sandbox) {
    return list()
        .valueStream()
        .filter(one -> one.at("/metadata/slipway_sandbox").asString().equals(sandbox))
        .map(one -> one.get("sandboxID").asString())
        .toList();
  }

  private JsonNode ask(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("X-API-KEY", KEY)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      String answer = http.send(request, BodyHandlers.ofString()).body();
      return answer.isEmpty() ? JSON.nullNode() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
