package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What somebody says about a line of a pull request.
///
/// @param pull its number
/// @param review it is part of; null for one that was said by itself
/// @param inReplyTo id of the one that it answers; null for one that answers none
record LineComment(
    long id,
    long pull,
    @Nullable Long review,
    @Nullable Long inReplyTo,
    Account author,
    String body,
    Place place,
    Instant createdAt,
    Instant updatedAt) {
  /// Where the line is.
  ///
  /// @param side `LEFT` for the file as it was, `RIGHT` for it as it is
  /// @param hunk of the change, up to the line
  record Place(String commit, String path, int line, String side, String hunk) {}

  LineComment saying(String text, Instant now) {
    return new LineComment(id, pull, review, inReplyTo, author, text, place, createdAt, now);
  }
}
