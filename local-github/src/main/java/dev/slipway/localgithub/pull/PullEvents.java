package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.repository.Events;
import dev.slipway.localgithub.repository.Repository;
import tools.jackson.databind.node.ObjectNode;

/// Says what happens to pull requests.
///
/// @param events where
/// @param json of what
public record PullEvents(Events events, PullJson json) {
  void emit(Repository repository, Account by, String action, PullRequest pull) {
    emit(repository, by, action, pull, Json.object());
  }

  /// @param more what this action has besides
  void emit(Repository repository, Account by, String action, PullRequest pull, ObjectNode more) {
    ObjectNode payload =
        Json.object().put("number", pull.number()).set("pull_request", json.full(repository, pull));
    payload.setAll(more);
    events.emit(repository, by, "pull_request", action, payload);
  }
}
