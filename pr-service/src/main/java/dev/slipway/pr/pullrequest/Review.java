package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A review. One that was dismissed stays so; else the newest counts.
///
/// @param id GitHub's
/// @param author login; null for a deleted account
/// @param authorId what stays the same when the login changes
/// @param sha the commit that was reviewed
record Review(
    long id,
    State state,
    @Nullable String author,
    @Nullable Long authorId,
    @Nullable Instant submittedAt,
    @Nullable Instant updatedAt,
    @Nullable String sha) {
  private static final Comparator<Review> ORDER =
      comparing((Review review) -> review.state == State.DISMISSED)
          .thenComparing(by(Review::updatedAt))
          .thenComparing(Review::state)
          .thenComparing(by(Review::submittedAt))
          .thenComparing(by(Review::authorId))
          .thenComparing(by(Review::author))
          .thenComparing(by(Review::sha));

  /// What a reviewer says.
  public enum State {
    PENDING,
    COMMENTED,
    APPROVED,
    CHANGES_REQUESTED,
    DISMISSED
  }

  Review with(Review other) {
    return ORDER.compare(this, other) < 0 ? other : this;
  }

  /// Whether it is an opinion that replaces an earlier one of the same author.
  boolean isOpinion() {
    return switch (state) {
      case APPROVED, CHANGES_REQUESTED, DISMISSED -> true;
      case PENDING, COMMENTED -> false;
    };
  }

  private static <T extends Comparable<? super T>> Comparator<Review> by(
      Function<Review, @Nullable T> field) {
    return comparing(field, nullsFirst(naturalOrder()));
  }
}
