package dev.slipway.standalone.chaos;

import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A pull request of a task's that is there.
///
/// @param repository its name without the owner's
record Opening(UUID task, String repository, long number) {
  /// As a webhook tells it; empty when it tells something else.
  static Optional<Opening> told(String event, byte[] body) {
    if (!event.equals("pull_request")) {
      return Optional.empty();
    }
    try {
      JsonNode payload = JsonMapper.shared().readTree(body);
      return payload.path("action").asString("").equals("opened")
          ? of(payload.at("/repository/name").asString(""), payload.path("pull_request"))
          : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  /// As GitHub's API shows it; empty when its branch is no task's.
  static Optional<Opening> of(String repository, JsonNode pull) {
    return Work.taskOf(pull.at("/head/ref").asString(""))
        .map(task -> new Opening(task, repository, pull.path("number").asLong()));
  }
}
