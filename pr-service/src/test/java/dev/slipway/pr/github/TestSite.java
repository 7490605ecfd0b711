package dev.slipway.pr.github;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.github.RepositoryPath;
import dev.slipway.web.security.Tenants;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A repository to try on, and what people do there besides Slipway.
///
/// @param api of the server that the client under test speaks to
/// @param direct the same API, for what is prepared there
public record TestSite(URI api, URI direct, Secret token, RepositoryPath path) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// The client as the service configures it.
  public GitHubApi open(String... settings) {
    return open(Tenants.none(), settings);
  }

  GitHubApi open(Tenants tenants, String... settings) {
    Map<String, String> all = new HashMap<>();
    all.put("slipway.github.api-url", api.toString());
    all.put("slipway.github.token", token.value());
    for (String setting : settings) {
      String[] pair = setting.split("=", 2);
      if (pair[1].isEmpty()) {
        all.remove("slipway.github." + pair[0]);
      } else {
        all.put("slipway.github." + pair[0], pair[1]);
      }
    }
    return GitHubApi.open(
        new Binder(new MapConfigurationPropertySource(all))
            .bindOrCreate("slipway.github", GitHubProperties.class),
        tenants,
        Clock.systemUTC());
  }

  /// Makes a branch with a commit that the default branch has not.
  public void branchWithCommit(String name) {
    branch(name);
    JsonNode _ =
        send(
            "PUT",
            "/repos/%s/contents/%s.txt".formatted(path, name),
            Map.of("message", "Add a file", "content", "YQ==", "branch", name));
  }

  /// Adds a file to a branch.
  public void commit(String branch, String file) {
    JsonNode _ =
        send(
            "PUT",
            "/repos/%s/contents/%s".formatted(path, file),
            Map.of("message", "Add a file", "content", "YQ==", "branch", branch));
  }

  /// Makes a branch where the default branch is.
  public void branch(String name) {
    String main = send("GET", "/repos/" + path, null).path("default_branch").asString();
    String sha =
        send("GET", "/repos/%s/git/ref/heads/%s".formatted(path, main), null)
            .at("/object/sha")
            .asString();
    JsonNode _ =
        send(
            "POST",
            "/repos/%s/git/refs".formatted(path),
            Map.of("ref", "refs/heads/" + name, "sha", sha));
  }

  /// Sends a request as the owner, past the client under test.
  public JsonNode send(String method, String route, @Nullable Object body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(direct + route))
            .header("User-Agent", "test")
            .header("Authorization", "Bearer " + token.value())
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new AssertionError("%s %s: %d".formatted(method, route, response.statusCode()));
      }
      return response.body().length == 0 ? JSON.nullNode() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
