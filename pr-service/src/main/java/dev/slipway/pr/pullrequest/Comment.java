package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A comment on a pull request; its text stays in the delivery. One that was deleted stays so.
///
/// @param number of the pull request
/// @param author login
record Comment(
    Key key, long number, boolean deleted, @Nullable Instant updatedAt, @Nullable String author) {
  private static final Comparator<Comment> ORDER =
      comparing(Comment::deleted)
          .thenComparing(Comment::updatedAt, nullsFirst(naturalOrder()))
          .thenComparingLong(Comment::number)
          .thenComparing(Comment::author, nullsFirst(naturalOrder()));

  /// Identity of a comment.
  ///
  /// @param id GitHub's, counted apart for the two kinds
  public record Key(Kind kind, long id) {}

  /// Where it stands.
  public enum Kind {
    /// Below the pull request as a whole.
    ISSUE,
    /// At a line of its diff.
    REVIEW
  }

  Comment with(Comment other) {
    return ORDER.compare(this, other) < 0 ? other : this;
  }
}
