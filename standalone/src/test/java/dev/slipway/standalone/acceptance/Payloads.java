package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bodies to send: those that GitHub itself recorded, and plain ones made here.
final class Payloads {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String RECORDED =
      "node_modules/@octokit/webhooks-examples/api.github.com/index.json";

  private Payloads() {}

  /// One recorded payload.
  ///
  /// @param event the header's value it came with
  /// @param payload the JSON
  record Example(String event, JsonNode payload) {}

  /// All that npm's `@octokit/webhooks-examples` holds of github.com.
  static List<Example> examples() {
    try {
      List<Example> examples = new ArrayList<>();
      String recorded = Files.readString(Node.packages().resolve(RECORDED));
      for (JsonNode event : JSON.readTree(recorded)) {
        for (JsonNode payload : event.path("examples")) {
          examples.add(new Example(event.path("name").asString(), payload));
        }
      }
      return examples;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A pull request that was opened.
  ///
  /// @param fullName `owner/name`
  static ObjectNode pullRequest(String fullName, long repositoryId, int number) {
    String url = "https://github.com/" + fullName;
    ObjectNode payload = JSON.createObjectNode().put("action", "opened").put("number", number);
    ObjectNode repository = repository(fullName, repositoryId);
    ObjectNode pullRequest =
        payload
            .putObject("pull_request")
            .put("id", repositoryId * 1_000_000 + number)
            .put("node_id", "PR_" + repositoryId + "_" + number)
            .put("number", number)
            .put("html_url", url + "/pull/" + number)
            .put("title", "Change " + number)
            .put("body", "Why it changes. ".repeat(100))
            .put("state", "open")
            .put("draft", false)
            .put("merged", false)
            .put("created_at", "2026-11-01T10:00:00Z")
            .put("updated_at", "2026-11-01T10:00:00Z");
    branch(pullRequest.putObject("head"), "change-" + number, repository);
    branch(pullRequest.putObject("base"), "main", repository);
    payload.set("repository", repository);
    payload.putObject("sender").put("login", "octocat").put("id", 583231).put("type", "User");
    return payload;
  }

  /// The same pull request, merged.
  static ObjectNode merged(String fullName, long repositoryId, int number) {
    ObjectNode payload = pullRequest(fullName, repositoryId, number).put("action", "closed");
    String at = "2026-11-01T11:00:00Z";
    ObjectNode pullRequest = (ObjectNode) payload.path("pull_request");
    pullRequest
        .put("state", "closed")
        .put("merged", true)
        .put("updated_at", at)
        .put("closed_at", at)
        .put("merged_at", at)
        .put("merge_commit_sha", "e5bd3914e2e596debea16f433f57875b5b90bcd6")
        .putObject("merged_by")
        .put("login", "octocat");
    return payload;
  }

  private static ObjectNode repository(String fullName, long id) {
    String owner = fullName.substring(0, fullName.indexOf('/'));
    ObjectNode repository =
        JSON.createObjectNode()
            .put("id", id)
            .put("name", fullName.substring(owner.length() + 1))
            .put("full_name", fullName)
            .put("html_url", "https://github.com/" + fullName)
            .put("clone_url", "https://github.com/" + fullName + ".git")
            .put("default_branch", "main");
    repository.putObject("owner").put("login", owner).put("id", 1000).put("type", "User");
    return repository;
  }

  private static void branch(ObjectNode branch, String name, JsonNode repository) {
    branch.put("ref", name).put("sha", "6dcb09b5b57875f334f61aebed695e2e4193db5e");
    branch.set("repo", repository);
  }
}
