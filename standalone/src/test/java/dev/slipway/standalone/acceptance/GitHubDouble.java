package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the local GitHub who may do everything there.
///
/// @param api its REST API
record GitHubDouble(URI api, String token) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static GitHubDouble of(Slipway slipway) {
    return new GitHubDouble(
        URI.create(slipway.endpoints().path("github").asString()), slipway.file("github-token"));
  }

  /// Makes a repository with a first commit.
  ///
  /// @return its address
  String repository(String name) {
    return send("POST", "/user/repos", Map.of("name", name, "auto_init", true))
        .is(201)
        .json()
        .path("html_url")
        .asString();
  }

  /// All pull requests of a repository of `slipway`'s, the oldest first.
  JsonNode pullRequests(String repository) {
    return send(
            "GET",
            "/repos/slipway/%s/pulls?state=all&per_page=100&sort=created&direction=asc"
                .formatted(repository),
            null)
        .is(200)
        .json();
  }

  Answer merge(String repository, long number, String method) {
    return send(
        "PUT",
        "/repos/slipway/%s/pulls/%d/merge".formatted(repository, number),
        Map.of("merge_method", method));
  }

  Answer close(String repository, long number) {
    return send(
        "PATCH",
        "/repos/slipway/%s/pulls/%d".formatted(repository, number),
        Map.of("state", "closed"));
  }

  /// Replaces what it does wrong.
  void faults(Map<?, ?>... rules) {
    Answer set =
        Http.send(
            asking(api.resolve("/_slipway/faults"), "PUT", Map.of("rules", List.of(rules)))
                .build());
    assertThat(set.status()).as(set.body()).isBetween(200, 204);
  }

  /// How often a route was called since it started.
  int calls(String route) {
    return calls().path(route).asInt();
  }

  JsonNode calls() {
    return Http.send(asking(api.resolve("/_slipway/calls"), "GET", null).build()).is(200).json();
  }

  /// Waits for one more call of a route than there were.
  void awaitCall(String route, int before) {
    await(route).atMost(Duration.ofMinutes(2)).until(() -> calls(route) > before);
  }

  Answer send(String method, String path, @Nullable Map<String, ?> body) {
    return Http.send(asking(URI.create(api + path), method, body).build());
  }

  private HttpRequest.Builder asking(URI uri, String method, @Nullable Map<String, ?> body) {
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .method(
            method,
            body == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }
}
