package dev.slipway.pr.github;

import dev.slipway.localgithub.LocalGitHub;
import dev.slipway.localgithub.LocalGitHubSettings;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.RepositoryPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A GitHub on this machine for one test.
///
/// @param appKey the file with the key of its App
public record LocalSite(LocalGitHub server, Path appKey) implements AutoCloseable {
  public static final Secret TOKEN = new Secret("a-token-of-the-local-github");

  /// Starts it on a directory.
  public static LocalSite start(Path directory) {
    return new LocalSite(
        LocalGitHub.start(
            new LocalGitHubSettings(
                0, TOKEN.value(), directory.resolve("github"), LocalGitHubSettings.MANY_REQUESTS),
            Clock.systemUTC()),
        directory.resolve("github/app.pem"));
  }

  /// With a repository of this name that has a first commit.
  public TestSite with(String repository) {
    return with(repository, server.api());
  }

  /// The same, reached by another address.
  public TestSite with(String repository, URI api) {
    var site = new TestSite(api, server.api(), TOKEN, new RepositoryPath("slipway", repository));
    JsonNode _ = site.send("POST", "/user/repos", Map.of("name", repository, "auto_init", true));
    return site;
  }

  /// Has the server misbehave towards the next requests of a route.
  ///
  /// @param kind as the control route has it, such as `refuse`
  /// @param status of the answer; 0 where the kind has none
  public void misbehave(String route, String kind, int status) {
    rules(
        "{\"match\":\"%s\",\"kind\":\"%s\"%s,\"times\":1}"
            .formatted(route, kind, status == 0 ? "" : ",\"status\":" + status));
  }

  /// Has the server refuse all requests of a route with this status until it [#behave]s.
  public void refuse(String route, int status) {
    rules(
        "{\"match\":\"%s\",\"kind\":\"refuse\",\"status\":%d,\"times\":1000}"
            .formatted(route, status));
  }

  /// Has the server do what it is asked to again.
  public void behave() {
    rules("");
  }

  private void rules(String rules) {
    HttpRequest request =
        HttpRequest.newBuilder(server.url().resolve("/_slipway/faults"))
            .header("Authorization", "Bearer " + TOKEN.value())
            .PUT(BodyPublishers.ofString("{\"rules\":[%s]}".formatted(rules)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      int answered = client.send(request, BodyHandlers.discarding()).statusCode();
      if (answered >= 300) {
        throw new AssertionError("no faults: " + answered);
      }
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
