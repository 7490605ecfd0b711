package dev.slipway.pr.pullrequest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What is known of one pull request, register by register.
///
/// @param core null until a full object came
/// @param merge null until some object told of a merge
/// @param reviews by id; they may come before everything else
/// @param version how many events it has had
record PullRequest(
    long number,
    @Nullable Core core,
    @Nullable Merge merge,
    PMap<Long, Review> reviews,
    long version) {

  static PullRequest unknown(long number) {
    return new PullRequest(number, null, null, HashTreePMap.empty(), 0);
  }

  PullRequest with(Snapshot snapshot) {
    return new PullRequest(
        number, core == null ? Core.of(snapshot) : core.with(snapshot), merge, reviews, version);
  }

  PullRequest with(Merge other) {
    return new PullRequest(
        number, core, merge == null ? other : merge.with(other), reviews, version);
  }

  PullRequest with(Review review) {
    Review known = reviews.get(review.id());
    Review next = known == null ? review : known.with(review);
    return next.equals(known)
        ? this
        : new PullRequest(number, core, merge, reviews.plus(review.id(), next), version);
  }

  PullRequest at(long newVersion) {
    return new PullRequest(number, core, merge, reviews, newVersion);
  }

  /// What its registers come to.
  ///
  /// @return null while there is nothing to show
  @Nullable PullRequestState state() {
    if (merge != null) {
      return PullRequestState.MERGED;
    }
    return core == null ? null : core.greatest().state();
  }

  @Nullable String author() {
    return core == null ? null : core.details().author();
  }

  /// Where it stands in lists; the beginning of time when not known.
  Instant createdAt() {
    Instant known = core == null ? null : core.details().createdAt();
    return known == null ? Instant.EPOCH : known;
  }

  boolean isAmbiguous() {
    return core != null && core.isAmbiguous();
  }

  /// Whether there is anything to show: reviews alone are kept until there is.
  boolean isKnown() {
    return core != null || merge != null;
  }

  /// The commit that its checks stand on; null when not known.
  @Nullable String headSha() {
    return core == null ? null : core.greatest().headSha();
  }
}
