package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// What the reviews of a pull request come to: the latest opinion of each reviewer counts, and one
/// request for changes outweighs every approval.
enum ReviewDecision {
  NONE,
  APPROVED,
  CHANGES_REQUESTED;

  private static final Comparator<Review> LATEST =
      comparing(Review::submittedAt, nullsFirst(naturalOrder())).thenComparingLong(Review::id);

  static ReviewDecision of(Collection<Review> reviews) {
    Map<Object, Review> opinions = new HashMap<>();
    for (Review review : reviews) {
      if (review.isOpinion()) {
        // reviews of deleted accounts are each somebody else's
        Object author = review.authorId() == null ? review : review.authorId();
        opinions.merge(
            author, review, (one, other) -> LATEST.compare(one, other) < 0 ? other : one);
      }
    }
    Set<Review.State> states = EnumSet.noneOf(Review.State.class);
    opinions.values().forEach(review -> states.add(review.state()));
    if (states.contains(Review.State.CHANGES_REQUESTED)) {
      return CHANGES_REQUESTED;
    }
    return states.contains(Review.State.APPROVED) ? APPROVED : NONE;
  }
}
