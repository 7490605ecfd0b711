package dev.slipway.sandbox.sandbox;

import java.time.Instant;

/// A commit that was made of what was in a sandbox: all that it takes to make it again with the
/// same id.
///
/// @param tree what it holds
/// @param parent the commit that it follows
/// @param author committer too
/// @param at when it was made, whole seconds; author's and committer's date
public record GitCommit(
    String sha, String tree, String parent, String message, GitAuthor author, Instant at) {
  /// Leaves out what people wrote.
  @Override
  public String toString() {
    return "GitCommit[%s, tree=%s, parent=%s]".formatted(sha, tree, parent);
  }
}
