package dev.slipway.pr.delivery;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Bodies as GitHub sends them, of repository 42 with the name `acme/site`.
public final class TestPayloads {
  private static final JsonMapper JSON = JsonMapper.shared();

  private TestPayloads() {}

  /// One webhook: what stands in its headers, and its body.
  public record Payload(String event, ObjectNode json) {
    public String action() {
      return json.path("action").asString("");
    }

    public @Nullable Long number() {
      return json.has("number") ? json.path("number").asLong() : null;
    }
  }

  /// Of event `pull_request`.
  ///
  /// @param second of its `updated_at`
  /// @param changes to the object, as JSON
  public static Payload pullRequest(String action, int number, int second, String changes) {
    ObjectNode json = payload(action).put("number", number);
    json.set("pull_request", object(number, second, changes));
    return new Payload("pull_request", json);
  }

  public static Payload review(int number, long id, String state, int second) {
    ObjectNode json = payload("submitted").put("number", number);
    ObjectNode reduced = object(number, second, "{}");
    reduced.remove("merged_by");
    json.set("pull_request", reduced);
    json.set(
        "review",
        read(
            """
            {"id":%d,"state":"%s","user":{"id":6,"login":"hubot"},"commit_id":"aa","submitted_at":"%s"}
            """
                .formatted(id, state, at(second))));
    return new Payload("pull_request_review", json);
  }

  public static Payload comment(int number, long id, int second, String action) {
    ObjectNode json = payload(action).put("number", number);
    json.set("issue", read("{\"number\":%d,\"pull_request\":{}}".formatted(number)));
    json.set(
        "comment",
        read(
            "{\"id\":%d,\"updated_at\":\"%s\",\"user\":{\"login\":\"hubot\"}}"
                .formatted(id, at(second))));
    return new Payload("issue_comment", json);
  }

  public static Payload status(long id, String sha, String state) {
    ObjectNode json = payload("");
    json.setAll(
        read(
            "{\"id\":%d,\"sha\":\"%s\",\"state\":\"%s\",\"context\":\"ci\",\"updated_at\":\"%s\"}"
                .formatted(id, sha, state, at(0))));
    return new Payload("status", json);
  }

  public static Payload checkRun(long id, String sha, String status, String conclusion) {
    ObjectNode json = payload("completed");
    json.set(
        "check_run",
        read(
            """
            {"id":%d,"name":"build","head_sha":"%s","status":"%s","conclusion":%s,"app":{"id":3}}
            """
                .formatted(id, sha, status, conclusion)));
    return new Payload("check_run", json);
  }

  public static Payload workflowRun(long id, String sha, int attempt) {
    ObjectNode json = payload("completed");
    json.set(
        "workflow_run",
        read(
            """
            {"id":%d,"run_attempt":%d,"head_sha":"%s","status":"completed","conclusion":"success"}
            """
                .formatted(id, attempt, sha)));
    return new Payload("workflow_run", json);
  }

  public static Payload renamed(String fullName, String formerName, int second) {
    ObjectNode json = payload("renamed");
    ((ObjectNode) json.path("repository"))
        .put("full_name", fullName)
        .put("html_url", "https://github.test/" + fullName)
        .put("updated_at", at(second));
    json.set(
        "changes", read("{\"repository\":{\"name\":{\"from\":\"%s\"}}}".formatted(formerName)));
    return new Payload("repository", json);
  }

  private static ObjectNode payload(String action) {
    ObjectNode json =
        read(
            """
            {"repository":{"id":42,"full_name":"acme/site","html_url":"https://github.test/acme/site",
              "updated_at":"2026-01-01T00:00:00Z"},"sender":{"login":"octocat"}}
            """);
    return action.isEmpty() ? json : json.put("action", action);
  }

  private static ObjectNode object(int number, int second, String changes) {
    ObjectNode object =
        read(
            """
            {"id":%1$d,"node_id":"PR_%1$d","number":%1$d,"html_url":"https://github.test/acme/site/pull/%1$d",
              "state":"open","title":"Change %1$d","user":{"id":5,"login":"octocat"},"draft":false,
              "labels":[{"name":"bug"}],"head":{"ref":"topic","sha":"aa","repo":{"id":42}},
              "base":{"ref":"main","sha":"00"},"created_at":"2026-01-01T00:00:00Z","updated_at":"%2$s",
              "closed_at":null,"merged_at":null,"merged_by":null,"merge_commit_sha":null}
            """
                .formatted(number, at(second)));
    object.setAll(read(changes));
    return object;
  }

  static String at(int second) {
    return "2026-01-01T00:00:%02dZ".formatted(second);
  }

  private static ObjectNode read(String json) {
    return (ObjectNode) JSON.readTree(json);
  }
}
