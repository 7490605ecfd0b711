package dev.slipway.pr.pullrequest;

import dev.slipway.pr.pullrequest.PullRequestEvent.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is worth announcing between two looks at a pull request.
///
/// | before | after | announced |
/// |---|---|---|
/// | unknown | open, closed, merged | opened, closed, merged |
/// | not merged | merged | merged |
/// | open, closed | closed, open | closed, reopened |
/// | draft, open | open and no draft, draft | ready, draft |
/// | | a review more that approves, or requests changes | approved, changes_requested |
/// | | other checks | checks |
/// | | anything else that shows | updated, unless one of the above but checks says so already |
final class Changes {
  private Changes() {}

  /// @param reviewId of the review that it is about
  record Change(Kind kind, @Nullable Long reviewId) {
    static Change of(Kind kind) {
      return new Change(kind, null);
    }
  }

  /// @param before null when it was not known
  /// @param reviews that are new, or say something new
  static List<Change> between(@Nullable Summary before, Summary after, Collection<Review> reviews) {
    if (before == null) {
      return List.of(Change.of(first(after.state())));
    }
    List<Change> changes = new ArrayList<>();
    if (before.state() != after.state()) {
      changes.add(Change.of(moved(after.state())));
    } else if (before.draft() != after.draft() && after.state() == PullRequestState.OPEN) {
      changes.add(Change.of(after.draft() ? Kind.DRAFT : Kind.READY));
    }
    for (Review review : reviews) {
      switch (review.state()) {
        case APPROVED -> changes.add(new Change(Kind.APPROVED, review.id()));
        case CHANGES_REQUESTED -> changes.add(new Change(Kind.CHANGES_REQUESTED, review.id()));
        case COMMENTED, DISMISSED, PENDING -> {
          // shows as an update, if it shows
        }
      }
    }
    boolean checked = !before.checks().equals(after.checks());
    if (changes.isEmpty() && !before.equals(after.withChecks(before.checks()))) {
      changes.add(Change.of(Kind.UPDATED));
    }
    if (checked) {
      changes.add(Change.of(Kind.CHECKS));
    }
    return changes;
  }

  private static Kind first(PullRequestState state) {
    return switch (state) {
      case OPEN -> Kind.OPENED;
      case CLOSED -> Kind.CLOSED;
      case MERGED -> Kind.MERGED;
    };
  }

  private static Kind moved(PullRequestState state) {
    return state == PullRequestState.OPEN ? Kind.REOPENED : first(state);
  }
}
