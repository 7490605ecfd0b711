package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Where it is said what happens.
@FunctionalInterface
public interface Events {
  /// Says that something has happened.
  ///
  /// @param by whoever did it
  /// @param event its name, such as pull_request
  /// @param action what of it, null when there is only one
  /// @param payload without what all events have: the action, the repository, the sender
  void emit(
      Repository repository, Account by, String event, @Nullable String action, ObjectNode payload);
}
