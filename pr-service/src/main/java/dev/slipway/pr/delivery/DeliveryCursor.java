package dev.slipway.pr.delivery;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;

/// Where a page of deliveries ended. Rows that come in later stand before it and move nothing.
record DeliveryCursor(Instant receivedAt, DeliveryId id) {
  private static final int BYTES = 3 * Long.BYTES;

  /// Reads what [#text] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static DeliveryCursor parse(String text) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    if (bytes.remaining() != BYTES) {
      throw new IllegalArgumentException("not a cursor of deliveries");
    }
    try {
      return new DeliveryCursor(
          Instant.EPOCH.plus(bytes.getLong(), ChronoUnit.MICROS),
          new DeliveryId(new UUID(bytes.getLong(), bytes.getLong())));
    } catch (BufferUnderflowException | ArithmeticException | java.time.DateTimeException e) {
      throw new IllegalArgumentException("not a cursor of deliveries", e);
    }
  }

  /// Opaque, for URLs.
  String text() {
    ByteBuffer bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, receivedAt))
            .putLong(id.value().getMostSignificantBits())
            .putLong(id.value().getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
