package dev.slipway.pr.task;

import dev.slipway.pipeline.core.RepositoryUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a task is, as it was asked for.
///
/// @param repositoryUrl normalised
/// @param baseBranch null for the repository's default branch
/// @param template what its sandbox begins as
/// @param timeoutSeconds how long it may be in progress
/// @param sandboxSeconds how long its sandbox lives; null for as long as that
/// @param labels of its pull request
record TaskSpec(
    String title,
    @Nullable String description,
    String repositoryUrl,
    Runner runner,
    @Nullable String baseBranch,
    String template,
    int timeoutSeconds,
    @Nullable Integer sandboxSeconds,
    List<String> labels,
    PullRequestTexts pullRequest) {
  TaskSpec {
    labels = List.copyOf(labels);
  }

  /// The same, of this repository.
  TaskSpec at(RepositoryUrl url) {
    return new TaskSpec(
        title,
        description,
        url.value(),
        runner,
        baseBranch,
        template,
        timeoutSeconds,
        sandboxSeconds,
        labels,
        pullRequest);
  }

  RepositoryUrl url() {
    return RepositoryUrl.parse(repositoryUrl).orElseThrow();
  }

  /// Where its clone is.
  String path() {
    return "/home/user/" + url().name();
  }

  /// How long its sandbox lives, in seconds.
  int sandboxLife() {
    return sandboxSeconds == null ? timeoutSeconds : sandboxSeconds;
  }

  /// Leaves out what people wrote.
  @Override
  public String toString() {
    return "TaskSpec[%s]".formatted(repositoryUrl);
  }

  /// How its pull request is to be: templates.
  ///
  /// @param title null for the task's
  /// @param body null for the task's description
  record PullRequestTexts(@Nullable String title, @Nullable String body, boolean draft) {
    static final PullRequestTexts NONE = new PullRequestTexts(null, null, false);

    /// Leaves out what people wrote.
    @Override
    public String toString() {
      return "PullRequestTexts[]";
    }
  }
}
