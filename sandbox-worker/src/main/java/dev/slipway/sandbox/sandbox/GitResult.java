package dev.slipway.sandbox.sandbox;

import org.jspecify.annotations.Nullable;

/// What came of work on a repository in a sandbox.
public sealed interface GitResult {
  /// Where the repository is.
  String path();

  /// A repository went in.
  ///
  /// @param branch whose tip it was
  /// @param depth how many commits deep; 0 for all
  record Cloned(String path, String repositoryUrl, String branch, String headSha, int depth)
      implements GitResult {}

  /// A branch was made for what comes out.
  record BranchCreated(String path, String branch, String headSha) implements GitResult {}

  /// What was changed became a commit, of ours and nowhere else yet.
  ///
  /// @param patch that makes its tree of what was cloned, its bytes each as a character; null when
  ///   it is too large to tell, or may not be told
  record Committed(String path, GitCommit commit, int filesChanged, @Nullable String patch)
      implements GitResult {
    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "Committed[%s, %s, files=%d]".formatted(path, commit, filesChanged);
    }
  }

  /// The branch is on the remote, and this is its tip or below it.
  record Pushed(String path, String branch, String sha) implements GitResult {}
}
