package dev.slipway.pr.pullrequest;

import dev.slipway.web.PageCursor;
import java.time.Instant;

/// Where a page of pull requests ended.
record PullRequestCursor(Instant createdAt, long repositoryId, long number) {
  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static PullRequestCursor parse(String text) {
    long[] parts = PageCursor.parse(text, 3);
    return new PullRequestCursor(PageCursor.time(parts[0]), parts[1], parts[2]);
  }

  String text() {
    return PageCursor.text(PageCursor.micros(createdAt), repositoryId, number);
  }
}
