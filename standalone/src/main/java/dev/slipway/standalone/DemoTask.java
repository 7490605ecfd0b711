package dev.slipway.standalone;

import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.JsonNode;

/// One task of the demo, as far as it is known to be.
final class DemoTask {
  private final String id;
  private final String name;
  private final Instant createdAt;
  private final TaskStory story;

  // CONFINED: to the thread of the demo, as all that follow
  private String state;
  private String url = "";
  private String branch = "";
  private String failure = "";
  private long number;
  private boolean isRemoved;
  private boolean isMerged;
  private int pullRequests;
  private Instant seenAt;

  DemoTask(JsonNode task, String name, TaskStory story) {
    this.id = task.path("task_id").asString("");
    this.name = name;
    this.createdAt = Instant.parse(task.path("created_at").asString(""));
    this.story = story;
    this.state = Sandboxes.state(task);
    this.seenAt = createdAt;
    see(task);
  }

  /// As the API shows it.
  void see(JsonNode task) {
    state = Sandboxes.state(task);
    branch = task.path("branch").asString(branch);
    see(task.path("pull_request"), task.path("failure"));
  }

  /// As an event tells of it.
  void event(JsonNode event) {
    String type = event.path("type").asString("");
    JsonNode data = event.path("data");
    seenAt = Instant.parse(event.path("time").asString(""));
    if (type.startsWith("task.")) {
      state = Sandboxes.state(data);
      see(data.path("pull_request"), data.path("failure"));
    } else if (type.startsWith("sandbox.")) {
      isRemoved = type.equals("sandbox.terminated"); // each attempt has one of its own
    }
  }

  private void see(JsonNode pullRequest, JsonNode why) {
    url = pullRequest.path("url").asString(url);
    number = pullRequest.path("number").asLong(number);
    failure = why.path("message").asString(failure);
  }

  /// Whether its pull request waits for people.
  boolean isToMerge() {
    return state.equals("IN_REVIEW") && number > 0 && !isMerged;
  }

  void merged() {
    isMerged = true;
  }

  void removed() {
    isRemoved = true;
  }

  void counted(int all) {
    pullRequests = all;
  }

  boolean isOver() {
    return Tasks.isOver(state) && isRemoved;
  }

  /// Whether all came as it was to.
  boolean isGood() {
    return state.equals("DONE") && isRemoved && pullRequests == 1;
  }

  boolean isRemoved() {
    return isRemoved;
  }

  int pullRequests() {
    return pullRequests;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  TaskStory story() {
    return story;
  }

  String state() {
    return state;
  }

  String url() {
    return url;
  }

  String branch() {
    return branch;
  }

  String failure() {
    return failure;
  }

  long number() {
    return number;
  }

  Duration total() {
    return Duration.between(createdAt, seenAt);
  }
}
