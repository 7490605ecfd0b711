package dev.slipway.web.github;

import org.jspecify.annotations.Nullable;

/// A call of GitHub's API did not do what it was to.
public final class GitHubException extends RuntimeException {
  private final transient GitHubFailure failure;

  public GitHubException(GitHubFailure failure) {
    this(failure, null);
  }

  GitHubException(GitHubFailure failure, @Nullable Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  /// Why.
  public GitHubFailure failure() {
    return failure;
  }

  public FailureCode code() {
    return failure.code();
  }
}
