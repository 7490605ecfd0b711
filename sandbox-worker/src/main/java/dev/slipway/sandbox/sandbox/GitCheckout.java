package dev.slipway.sandbox.sandbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A repository that went into a sandbox, and what came out of it.
///
/// @param repositoryUrl normalised
/// @param baseBranch whose tip it was
/// @param baseSha the commit that it was: the first of what comes out follows it
/// @param depth how many commits deep it went in; 0 for all
/// @param branch for what comes out; null as long as there is none
/// @param commits that came out, each following the one before
/// @param pushed the last that is on the remote as far as we know; null when none is
public record GitCheckout(
    String repositoryUrl,
    String baseBranch,
    String baseSha,
    int depth,
    @Nullable String branch,
    List<GitCommit> commits,
    @Nullable String pushed) {
  /// A sandbox's row holds them all.
  public static final int MOST_COMMITS = 50;

  public GitCheckout {
    commits = List.copyOf(commits);
  }

  static GitCheckout of(GitResult.Cloned cloned) {
    return new GitCheckout(
        cloned.repositoryUrl(),
        cloned.branch(),
        cloned.headSha(),
        cloned.depth(),
        null,
        List.of(),
        null);
  }

  /// What the next commit follows.
  public String tip() {
    return commits.isEmpty() ? baseSha : commits.getLast().sha();
  }

  /// What is in the last commit; null for what went in.
  public @Nullable String tipTree() {
    return commits.isEmpty() ? null : commits.getLast().tree();
  }

  GitCheckout on(String made) {
    return new GitCheckout(repositoryUrl, baseBranch, baseSha, depth, made, commits, pushed);
  }

  GitCheckout and(GitCommit commit) {
    var all = new ArrayList<>(commits);
    all.add(commit);
    return new GitCheckout(repositoryUrl, baseBranch, baseSha, depth, branch, all, pushed);
  }

  GitCheckout pushed(String sha) {
    return new GitCheckout(repositoryUrl, baseBranch, baseSha, depth, branch, commits, sha);
  }
}
