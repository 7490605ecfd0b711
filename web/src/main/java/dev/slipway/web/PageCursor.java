package dev.slipway.web;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where a page of a list ended: some numbers, opaque to clients. Rows that come in later stand
/// before it and move nothing.
public final class PageCursor {
  private static final long LATEST = micros(Rfc3339.last());

  private PageCursor() {}

  /// Opaque, for URLs.
  public static String text(long... parts) {
    ByteBuffer bytes = ByteBuffer.allocate(parts.length * Long.BYTES);
    for (long part : parts) {
      bytes.putLong(part);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /// Reads what [#text] wrote.
  ///
  /// @param count how many numbers it must have
  /// @throws IllegalArgumentException when it has others, or is no cursor at all
  public static long[] parse(String text, int count) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    if (bytes.remaining() != count * Long.BYTES) {
      throw new IllegalArgumentException("not a cursor of this list");
    }
    long[] parts = new long[count];
    for (int i = 0; i < count; i++) {
      parts[i] = bytes.getLong();
    }
    if (!text(parts).equals(text)) { // padded, or with bits that mean nothing
      throw new IllegalArgumentException("not a cursor of this list");
    }
    return parts;
  }

  /// A time as a number.
  public static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /// The time that a number stands for.
  ///
  /// @throws IllegalArgumentException when it stands for none
  public static Instant time(long micros) {
    if (micros < 0 || micros > LATEST) {
      throw new IllegalArgumentException("not a cursor of this list");
    }
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /// Reads the parameter `cursor` of a request.
  ///
  /// @param parse throws `IllegalArgumentException` for what is no cursor of that list
  /// @return null for the first page
  /// @throws ApiException 422 `invalid`
  public static <T> @Nullable T parameter(@Nullable String text, Function<String, T> parse) {
    try {
      return text == null ? null : parse.apply(text);
    } catch (IllegalArgumentException _) {
      throw ApiException.invalid(
          "cursor", "malformed", "Take it from next_cursor of the page before, unchanged.");
    }
  }
}
