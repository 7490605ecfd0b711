package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A review of a pull request.
///
/// @param pull its number
/// @param submittedAt null while it is pending
record Review(
    long id,
    long pull,
    Account author,
    State state,
    String body,
    String commit,
    @Nullable Instant submittedAt) {
  enum State {
    PENDING,
    COMMENTED,
    APPROVED,
    CHANGES_REQUESTED,
    DISMISSED
  }

  Review with(State became, String text, Instant at) {
    return new Review(id, pull, author, became, text, commit, at);
  }
}
