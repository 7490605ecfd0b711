package dev.slipway.pr.pullrequest;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pull request as everybody sees it: what its registers come to. What nothing told is null.
///
/// @param head null until a full object came
/// @param base null until a full object came
/// @param ambiguous whether what came in leaves open what it is now; the API has to be asked
public record Summary(
    long number,
    @Nullable Long githubId,
    @Nullable String nodeId,
    @Nullable String url,
    @Nullable String title,
    @Nullable String author,
    PullRequestState state,
    boolean draft,
    List<String> labels,
    @Nullable Head head,
    @Nullable Base base,
    ReviewDecision reviewDecision,
    Checks checks,
    @Nullable Merge merge,
    @Nullable Instant closedAt,
    @Nullable Instant createdAt,
    @Nullable Instant updatedAt,
    boolean ambiguous) {

  /// The branch that is to be merged.
  ///
  /// @param repositoryId null once the fork was deleted
  public record Head(String ref, String sha, @Nullable Long repositoryId) {}

  /// The branch that it is to be merged into.
  public record Base(String ref, @Nullable String sha) {}

  /// What is shown of a known pull request.
  ///
  /// @param checks on its head
  static Summary of(PullRequest pullRequest, Checks checks) {
    Core core = pullRequest.core();
    Merge merge = pullRequest.merge();
    ReviewDecision decision = ReviewDecision.of(pullRequest.reviews().values());
    return core == null
        ? reduced(pullRequest.number(), merge, decision)
        : full(pullRequest.number(), core, merge, decision, checks);
  }

  /// The same with other checks.
  Summary withChecks(Checks other) {
    return new Summary(
        number,
        githubId,
        nodeId,
        url,
        title,
        author,
        state,
        draft,
        labels,
        head,
        base,
        reviewDecision,
        other,
        merge,
        closedAt,
        createdAt,
        updatedAt,
        ambiguous);
  }

  private static Summary reduced(long number, @Nullable Merge merge, ReviewDecision decision) {
    return new Summary(
        number,
        null,
        null,
        null,
        null,
        null,
        PullRequestState.MERGED,
        false,
        List.of(),
        null,
        null,
        decision,
        Checks.NONE,
        merge,
        merge == null ? null : merge.at(),
        null,
        null,
        false);
  }

  private static Summary full(
      long number, Core core, @Nullable Merge merge, ReviewDecision decision, Checks checks) {
    Standing standing = core.greatest();
    Details details = core.details();
    PullRequestState state = merge == null ? standing.state() : PullRequestState.MERGED;
    Instant closedAt =
        details.closedAt() == null && merge != null ? merge.at() : details.closedAt();
    return new Summary(
        number,
        details.githubId(),
        details.nodeId(),
        details.url(),
        details.title(),
        details.author(),
        state,
        standing.draft(),
        details.labels(),
        new Head(details.headRef(), standing.headSha(), details.headRepositoryId()),
        new Base(standing.baseRef(), details.baseSha()),
        decision,
        checks,
        merge,
        state == PullRequestState.OPEN ? null : closedAt,
        details.createdAt(),
        core.key().updatedAt(),
        core.isAmbiguous());
  }
}
