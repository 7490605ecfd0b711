package dev.slipway.pr.pullrequest;

import dev.slipway.web.ContextView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A pull request as the API shows it.
///
/// @param version how many events it has had; the newest has it as its `sequence`
/// @param ambiguous whether what GitHub sent leaves open what it is now
record PullRequestView(
    RepositoryView repository,
    long number,
    @Nullable Long githubId,
    @Nullable String nodeId,
    @Nullable String url,
    @Nullable String title,
    @Nullable String author,
    PullRequestState state,
    boolean draft,
    List<String> labels,
    HeadView head,
    BaseView base,
    ReviewDecision reviewDecision,
    List<ReviewView> reviews,
    Checks checks,
    @Nullable Instant mergedAt,
    @Nullable String mergedBy,
    @Nullable String mergeCommitSha,
    @Nullable Instant closedAt,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    boolean ambiguous,
    long version,
    @Nullable UUID taskId,
    @Nullable UUID sandboxId,
    ContextView context) {

  static PullRequestView of(
      RepositoryKey repository,
      @Nullable RepositoryName name,
      PullRequest pullRequest,
      Checks checks,
      @Nullable Owner owner) {
    Summary summary = Summary.of(pullRequest, checks);
    Merge merge = summary.merge();
    ContextView context = OwnerView.of(repository.tenant(), owner);
    return new PullRequestView(
        new RepositoryView(
            repository.repositoryId(),
            name == null ? null : name.fullName(),
            name == null ? null : name.url()),
        summary.number(),
        summary.githubId(),
        summary.nodeId(),
        summary.url(),
        summary.title(),
        summary.author(),
        summary.state(),
        summary.draft(),
        summary.labels(),
        HeadView.of(summary.head()),
        BaseView.of(summary.base()),
        summary.reviewDecision(),
        pullRequest.reviews().values().stream()
            .sorted(Comparator.comparingLong(Review::id))
            .map(ReviewView::of)
            .toList(),
        summary.checks(),
        merge == null ? null : merge.at(),
        merge == null ? null : merge.by(),
        merge == null ? null : merge.commitSha(),
        summary.closedAt(),
        summary.createdAt(),
        summary.updatedAt(),
        summary.ambiguous(),
        pullRequest.version(),
        context.taskId(),
        context.sandboxId(),
        context);
  }

  /// Where it stands in lists.
  PullRequestCursor cursor() {
    return new PullRequestCursor(
        createdAt == null ? Instant.EPOCH : createdAt, repository.id(), number);
  }

  record RepositoryView(long id, @Nullable String fullName, @Nullable String url) {}

  record HeadView(@Nullable String ref, @Nullable String sha, @Nullable Long repositoryId) {
    static HeadView of(Summary.@Nullable Head head) {
      return head == null
          ? new HeadView(null, null, null)
          : new HeadView(head.ref(), head.sha(), head.repositoryId());
    }
  }

  record BaseView(@Nullable String ref, @Nullable String sha) {
    static BaseView of(Summary.@Nullable Base base) {
      return base == null ? new BaseView(null, null) : new BaseView(base.ref(), base.sha());
    }
  }

  record ReviewView(
      long id,
      @Nullable String author,
      Review.State state,
      @Nullable Instant submittedAt,
      @Nullable String sha) {
    static ReviewView of(Review review) {
      return new ReviewView(
          review.id(), review.author(), review.state(), review.submittedAt(), review.sha());
    }
  }

  /// A page of pull requests.
  ///
  /// @param nextCursor null on the last page
  record Page(List<PullRequestView> items, @Nullable String nextCursor) {}
}
