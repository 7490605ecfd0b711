package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What people do at GitHub, and what they see there.
///
/// @param api its REST API
record GitHubSide(JsonClient api) {
  static final String OWNER = "slipway";

  /// Makes a repository with a first commit and a webhook.
  ///
  /// @param webhooks where deliveries go
  /// @param secret that signs them
  /// @return its address
  String create(String name, String webhooks, String secret)
      throws IOException, InterruptedException {
    JsonNode made =
        api.require(201, "POST", "/user/repos", Map.of("name", name, "auto_init", true));
    JsonNode _ =
        api.require(
            201,
            "POST",
            of(name) + "/hooks",
            Map.of(
                "events",
                List.of("*"),
                "config",
                Map.of("url", webhooks, "content_type", "json", "secret", secret)));
    return made.path("html_url").asString();
  }

  /// Its pull requests, newest first.
  ///
  /// @param state `open` or `all`
  List<JsonNode> pulls(String repository, String state) throws IOException, InterruptedException {
    List<JsonNode> found = new ArrayList<>();
    Optional<String> page = Optional.of(of(repository) + "/pulls?per_page=100&state=" + state);
    while (page.isPresent()) {
      Answer answer = api.get(page.get());
      answer.json().forEach(found::add);
      page = answer.next();
    }
    return found;
  }

  /// What a pull request changes.
  List<JsonNode> files(String repository, long number) throws IOException, InterruptedException {
    List<JsonNode> files = new ArrayList<>();
    api.require(200, "GET", of(repository) + "/pulls/" + number + "/files", null)
        .forEach(files::add);
    return files;
  }

  /// Whether it is merged now.
  boolean merge(String repository, long number, boolean isSquashed)
      throws IOException, InterruptedException {
    String pull = of(repository) + "/pulls/" + number;
    Answer answer =
        api.ask(
            "PUT",
            pull + "/merge",
            Map.of("merge_method", isSquashed ? "squash" : "merge"),
            Map.of());
    return answer.status() == 200 || api.get(pull).json().path("merged").asBoolean(false);
  }

  /// Whether it is closed now.
  boolean close(String repository, long number) throws IOException, InterruptedException {
    Answer answer =
        api.ask("PATCH", of(repository) + "/pulls/" + number, Map.of("state", "closed"), Map.of());
    return answer.json().path("state").asString("").equals("closed");
  }

  private static String of(String repository) {
    return "/repos/%s/%s".formatted(OWNER, repository);
  }
}
