package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.Numbered;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a repository's state is the fold of.
public sealed interface PullRequestEvent {
  /// Something became known. Not published: `github.deliveries` is its log.
  record Learned(Fact fact) implements PullRequestEvent {}

  /// Something became of a pull request that is published.
  ///
  /// @param reviewId GitHub's id of the review that it is about; null for all other kinds
  /// @param summary of the pull request after it
  /// @param repository its name; null when none was told
  record Announced(
      Kind kind,
      @Nullable Long reviewId,
      Summary summary,
      @Nullable RepositoryName repository,
      Cause cause)
      implements PullRequestEvent {}

  /// What an event follows from.
  ///
  /// @param actor login of whose doing it is
  /// @param deliveryId the webhook that it is; null for an answer of the API
  /// @param keyPrefix what topic keys of the events begin with
  record Cause(@Nullable String actor, @Nullable UUID deliveryId, String keyPrefix) {}

  /// The event with the numbers of what it was found in.
  static <E extends PullRequestEvent> Numbered<E> numbered(E event, Numbered<?> as) {
    return new Numbered<>(event, as.id(), as.version(), as.at(), as.causeId());
  }

  /// Kinds of published events.
  enum Kind {
    OPENED("opened"),
    UPDATED("updated"),
    READY("ready"),
    DRAFT("draft"),
    APPROVED("approved"),
    CHANGES_REQUESTED("changes_requested"),
    CHECKS("checks"),
    MERGED("merged"),
    CLOSED("closed"),
    REOPENED("reopened");

    private final String name;

    Kind(String name) {
      this.name = name;
    }

    /// The `ce_type`, such as `pull_request.merged`.
    public String type() {
      return "pull_request." + name;
    }
  }
}
