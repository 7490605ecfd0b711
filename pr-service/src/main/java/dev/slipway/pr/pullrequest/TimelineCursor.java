package dev.slipway.pr.pullrequest;

import dev.slipway.web.PageCursor;
import java.time.Instant;
import java.util.UUID;

/// Where a page of a timeline ended.
///
/// @param version of the event; 0 for a delivery that nothing came of
record TimelineCursor(Instant at, UUID cause, long version) {
  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static TimelineCursor parse(String text) {
    long[] parts = PageCursor.parse(text, 4);
    return new TimelineCursor(PageCursor.time(parts[0]), new UUID(parts[1], parts[2]), parts[3]);
  }

  String text() {
    return PageCursor.text(
        PageCursor.micros(at),
        cause.getMostSignificantBits(),
        cause.getLeastSignificantBits(),
        version);
  }
}
