package dev.slipway.pipeline.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/// A place in the log of notifications: everything below it has been considered for whoever holds
/// it. Clients get it as text and give it back unchanged; only Slipway reads it.
///
/// The text is 39 bytes in URL-safe base64 without padding, 52 characters:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, 2 |
/// | 16 | id of the topic: one that was deleted and made again has another |
/// | 2 | partition |
/// | 4 | epoch of [#position] |
/// | 8 | offset of [#position] |
/// | 8 | [#tenantTag] |
///
/// Version 1 is the same without the epoch, 47 characters. It is read still, and written where the
/// epoch is not known.
///
/// @param position up to where everything has been considered
/// @param tenantTag the first 8 bytes of the SHA-256 of the tenant: a cursor of another tenant is
///   known as such without telling whose it is
public record Cursor(UUID topicId, int partition, LogPosition position, long tenantTag) {
  private static final byte WITHOUT_EPOCH = 1;
  private static final byte WITH_EPOCH = 2;
  private static final int EPOCH_BYTES = 4;
  private static final int MOST_BYTES = 1 + 16 + 2 + EPOCH_BYTES + 8 + 8;
  private static final int MOST_CHARS = MOST_BYTES * 8 / 6;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  public Cursor {
    if (partition < 0 || partition > 0xffff || position.offset() < 0) {
      throw new IllegalArgumentException("no place in a log: " + partition + "/" + position);
    }
  }

  public static Cursor of(UUID topicId, int partition, LogPosition position, String tenant) {
    return new Cursor(topicId, partition, position, tagOf(tenant));
  }

  /// Reads what [#text] wrote, of any version; empty for anything else.
  public static Optional<Cursor> parse(String text) {
    if (text.length() > MOST_CHARS) {
      return Optional.empty();
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    boolean withEpoch = bytes.limit() == MOST_BYTES;
    if (bytes.limit() != bytes(withEpoch)) {
      return Optional.empty();
    }
    bytes.position(1);
    UUID topicId = new UUID(bytes.getLong(), bytes.getLong());
    int partition = Short.toUnsignedInt(bytes.getShort());
    int epoch = withEpoch ? bytes.getInt() : LogPosition.UNKNOWN_EPOCH;
    long offset = bytes.getLong();
    if (offset < 0) {
      return Optional.empty();
    }
    LogPosition position = new LogPosition(epoch, offset);
    Cursor cursor = new Cursor(topicId, partition, position, bytes.getLong());
    // Of another version, with an epoch that is none, or with one of the bits set that are no
    // byte's: one cursor has one spelling.
    return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
  }

  /// Whether it was given to a client of this tenant.
  public boolean isOf(String tenant) {
    return tenantTag == tagOf(tenant);
  }

  /// As clients hold it: characters of a URL's query, 64 at most.
  public String text() {
    boolean withEpoch = position.knowsEpoch();
    ByteBuffer bytes =
        ByteBuffer.allocate(bytes(withEpoch))
            .put(withEpoch ? WITH_EPOCH : WITHOUT_EPOCH)
            .putLong(topicId.getMostSignificantBits())
            .putLong(topicId.getLeastSignificantBits())
            .putShort((short) partition);
    if (withEpoch) {
      bytes.putInt(position.epoch());
    }
    byte[] all = bytes.putLong(position.offset()).putLong(tenantTag).array();
    return new String(ENCODER.encode(all), StandardCharsets.US_ASCII);
  }

  private static int bytes(boolean withEpoch) {
    return withEpoch ? MOST_BYTES : MOST_BYTES - EPOCH_BYTES;
  }

  @Override
  public String toString() {
    return text();
  }

  private static long tagOf(String tenant) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(tenant.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
