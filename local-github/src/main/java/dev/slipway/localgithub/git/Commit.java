package dev.slipway.localgithub.git;

import java.time.Instant;
import java.util.List;

/// A commit.
///
/// @param parents in their order
public record Commit(
    String sha,
    String tree,
    List<String> parents,
    Signature author,
    Signature committer,
    String message) {
  /// Who did something, and when.
  public record Signature(String name, String email, Instant at) {}

  public Commit {
    parents = List.copyOf(parents);
  }
}
