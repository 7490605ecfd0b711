package dev.slipway.pr.delivery;

import dev.slipway.web.PageCursor;
import java.time.Instant;
import java.util.UUID;

/// Where a page of deliveries ended.
record DeliveryCursor(Instant receivedAt, DeliveryId id) {
  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static DeliveryCursor parse(String text) {
    long[] parts = PageCursor.parse(text, 3);
    return new DeliveryCursor(
        PageCursor.time(parts[0]), new DeliveryId(new UUID(parts[1], parts[2])));
  }

  /// Opaque, for URLs.
  String text() {
    return PageCursor.text(
        PageCursor.micros(receivedAt),
        id.value().getMostSignificantBits(),
        id.value().getLeastSignificantBits());
  }
}
