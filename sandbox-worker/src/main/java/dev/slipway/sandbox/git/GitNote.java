package dev.slipway.sandbox.git;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a worker leaves for who takes its operation over, so that the same comes of it.
final class GitNote {
  private static final JsonMapper JSON = JsonMapper.shared();

  private GitNote() {}

  /// What is cloned.
  static String of(GitHost.Tip base) {
    return JSON.writeValueAsString(base);
  }

  /// When a commit is made.
  static String of(Instant at) {
    return JSON.writeValueAsString(new At(at.getEpochSecond()));
  }

  static Optional<GitHost.Tip> base(@Nullable String note) {
    return read(note)
        .filter(json -> json.hasNonNull("sha"))
        .map(json -> new GitHost.Tip(json.get("branch").asString(), json.get("sha").asString()));
  }

  static Optional<Instant> at(@Nullable String note) {
    return read(note)
        .filter(json -> json.hasNonNull("at"))
        .map(json -> Instant.ofEpochSecond(json.get("at").asLong()));
  }

  private static Optional<JsonNode> read(@Nullable String note) {
    return Optional.ofNullable(note).map(JSON::readTree);
  }

  private record At(long at) {}
}
