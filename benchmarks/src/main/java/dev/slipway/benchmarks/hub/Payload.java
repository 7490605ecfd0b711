package dev.slipway.benchmarks.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/// The body of an event: JSON on one line that ends with a mark and the event's number, so that who
/// counts events need not look at the rest of it.
final class Payload {
  static final int SIZE_BYTES = 12_000;

  private static final char MARK = '~';
  private static final int DIGITS = 10;
  private static final String HEAD =
      "{\"id\":\"0190b2a0-0000-7000-8000-000000000001\",\"type\":\"bench.event\","
          + "\"time\":\"2026-01-01T00:00:00.000Z\",\"sequence\":1,\"context\":{\"tenant\":\"default\"},"
          + "\"data\":{\"text\":\"";
  private static final String TAIL = "\"}}";

  /// What stands before the mark.
  private static final String FIRST =
      HEAD + "x".repeat(SIZE_BYTES - HEAD.length() - 1 - DIGITS - TAIL.length());

  private Payload() {}

  /// The body of the event of a number.
  static byte[] of(long number) {
    return (FIRST + MARK + ("%0" + DIGITS + "d").formatted(number) + TAIL)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Finds the numbers of events in what one client gets, in whatever pieces it comes.
  static final class Scanner {
    private int skip; // of what cannot hold the next mark
    private int digits; // still to be read
    private long number;

    /// Reads the next piece.
    ///
    /// @param bytes is read to its end
    /// @param found gets each number
    void read(ByteBuffer bytes, LongConsumer found) {
      while (bytes.hasRemaining()) {
        if (skip > 0) {
          int step = Math.min(skip, bytes.remaining());
          bytes.position(bytes.position() + step);
          skip -= step;
        } else if (digits > 0) {
          number = number * 10 + bytes.get() - '0';
          if (--digits == 0) {
            skip = TAIL.length() + FIRST.length();
            found.accept(number);
            number = 0;
          }
        } else if (bytes.get() == MARK) {
          digits = DIGITS;
        }
      }
    }
  }
}
