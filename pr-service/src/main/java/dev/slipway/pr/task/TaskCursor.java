package dev.slipway.pr.task;

import dev.slipway.web.PageCursor;
import java.time.Instant;
import java.util.UUID;

/// Where a page of tasks ended.
record TaskCursor(Instant createdAt, UUID id) {
  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static TaskCursor parse(String text) {
    long[] parts = PageCursor.parse(text, 3);
    return new TaskCursor(PageCursor.time(parts[0]), new UUID(parts[1], parts[2]));
  }

  /// Opaque, for URLs.
  String text() {
    return PageCursor.text(
        PageCursor.micros(createdAt), id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
