package dev.slipway.localgithub.hook;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A webhook of a repository.
///
/// @param events their names, or `*`
/// @param last what came of the last delivery, null before the first
record Hook(
    long id,
    long repository,
    boolean active,
    List<String> events,
    Config config,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Last last) {
  /// Where it goes and how.
  ///
  /// @param form whether the payload is a field of a form, and not the body itself
  /// @param secret that signs, null when nothing does
  record Config(String url, boolean form, @Nullable String secret, boolean insecure) {}

  record Last(int code, String status) {}

  Hook {
    events = List.copyOf(events);
  }

  boolean wants(String event) {
    return active && (events.contains(event) || events.contains("*"));
  }

  Hook with(boolean isActive, List<String> wanted, Config to, Instant now) {
    return new Hook(id, repository, isActive, wanted, to, createdAt, now, last);
  }

  Hook answered(Last answer) {
    return new Hook(id, repository, active, events, config, createdAt, updatedAt, answer);
  }
}
