package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;

/// What somebody says about a pull request.
///
/// @param pull its number
record Comment(
    long id, long pull, Account author, String body, Instant createdAt, Instant updatedAt) {
  Comment saying(String text, Instant now) {
    return new Comment(id, pull, author, text, createdAt, now);
  }
}
