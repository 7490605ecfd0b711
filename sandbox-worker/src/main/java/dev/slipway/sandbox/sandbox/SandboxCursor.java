package dev.slipway.sandbox.sandbox;

import dev.slipway.web.PageCursor;
import java.time.Instant;
import java.util.UUID;

/// Where a page of sandboxes ended.
record SandboxCursor(Instant requestedAt, UUID id) {
  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static SandboxCursor parse(String text) {
    long[] parts = PageCursor.parse(text, 3);
    return new SandboxCursor(PageCursor.time(parts[0]), new UUID(parts[1], parts[2]));
  }

  /// Opaque, for URLs.
  String text() {
    return PageCursor.text(
        PageCursor.micros(requestedAt), id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
