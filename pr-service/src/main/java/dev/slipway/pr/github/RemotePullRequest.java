package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A pull request as GitHub shows it.
///
/// @param isOpen else it is closed, merged or not
/// @param mergedAt null unless it is merged
/// @param url for people
public record RemotePullRequest(
    long number,
    boolean isOpen,
    @Nullable Instant mergedAt,
    boolean draft,
    String title,
    String url,
    Head head,
    Base base,
    Instant updatedAt) {

  /// The branch that is to be merged.
  ///
  /// @param ref name of the branch
  /// @param repositoryId null once the fork was deleted
  public record Head(String ref, String sha, @Nullable Long repositoryId) {}

  /// The branch that it is to be merged into.
  ///
  /// @param ref its name
  public record Base(String ref, long repositoryId) {}

  static RemotePullRequest of(AnswerJson json) {
    return new RemotePullRequest(
        json.number("/number"),
        json.text("/state").equals("open"),
        json.textIfAny("/merged_at").isPresent() ? json.instant("/merged_at") : null,
        json.isTrue("/draft"),
        json.text("/title"),
        json.text("/html_url"),
        new Head(
            json.text("/head/ref"),
            json.text("/head/sha"),
            json.numberIfAny("/head/repo/id").orElse(null)),
        new Base(json.text("/base/ref"), json.number("/base/repo/id")),
        json.instant("/updated_at"));
  }
}
