package dev.slipway.notifier.hub;

import java.util.List;
import java.util.Set;

/// What a client wants to hear of.
///
/// @param tenant the client's own: it gets no other's events
/// @param topics any of which is enough; empty = everything of the tenant
/// @param snapshot API paths to read again after a reset
record Subscription(String tenant, Set<String> topics, List<String> snapshot) {
  Subscription {
    topics = Set.copyOf(topics);
    snapshot = List.copyOf(snapshot);
  }

  boolean matches(LiveEvent event) {
    if (event.isGap()) {
      return true;
    }
    if (!event.tenant().equals(tenant)) {
      return false;
    }
    if (topics.isEmpty()) {
      return true;
    }
    for (String topic : event.topics()) {
      if (topics.contains(topic)) {
        return true;
      }
    }
    return false;
  }
}
