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
/// The text is 35 bytes in URL-safe base64 without padding, 47 characters:
///
/// | bytes | what |
/// |---|---|
/// | 1 | version, 1 |
/// | 16 | id of the topic: one that was deleted and made again has another |
/// | 2 | partition |
/// | 8 | [#offset] |
/// | 8 | [#tenantTag] |
///
/// @param offset the next one to be considered; need not be that of a record
/// @param tenantTag the first 8 bytes of the SHA-256 of the tenant: a cursor of another tenant is
///   known as such without telling whose it is
public record Cursor(UUID topicId, int partition, long offset, long tenantTag) {
  private static final byte VERSION = 1;
  private static final int BYTES = 1 + 16 + 2 + 8 + 8;
  private static final int TEXT_CHARS = (BYTES * 8 + 5) / 6;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  public Cursor {
    if (partition < 0 || partition > 0xffff || offset < 0) {
      throw new IllegalArgumentException("no place in a log: " + partition + "/" + offset);
    }
  }

  public static Cursor of(UUID topicId, int partition, long offset, String tenant) {
    return new Cursor(topicId, partition, offset, tagOf(tenant));
  }

  /// Reads what [#text] wrote; empty for anything else.
  public static Optional<Cursor> parse(String text) {
    if (text.length() != TEXT_CHARS) {
      return Optional.empty();
    }
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
    if (bytes.get() != VERSION) {
      return Optional.empty();
    }
    UUID topicId = new UUID(bytes.getLong(), bytes.getLong());
    int partition = Short.toUnsignedInt(bytes.getShort());
    long offset = bytes.getLong();
    if (offset < 0) {
      return Optional.empty();
    }
    Cursor cursor = new Cursor(topicId, partition, offset, bytes.getLong());
    // the last character has two bits that mean nothing: one cursor has one spelling
    return cursor.text().equals(text) ? Optional.of(cursor) : Optional.empty();
  }

  /// Whether it was given to a client of this tenant.
  public boolean isOf(String tenant) {
    return tenantTag == tagOf(tenant);
  }

  /// As clients hold it: characters of a URL's query, 64 at most.
  public String text() {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .put(VERSION)
            .putLong(topicId.getMostSignificantBits())
            .putLong(topicId.getLeastSignificantBits())
            .putShort((short) partition)
            .putLong(offset)
            .putLong(tenantTag)
            .array();
    return new String(ENCODER.encode(bytes), StandardCharsets.US_ASCII);
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
