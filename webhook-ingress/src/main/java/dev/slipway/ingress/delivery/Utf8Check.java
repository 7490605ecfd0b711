package dev.slipway.ingress.delivery;

import dev.slipway.schemas.MalformedBodyException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Sees to it that bytes are UTF-8 as RFC 3629 has it: no form longer than needed, no surrogates,
/// nothing above U+10FFFF. Jackson lets all of them pass in what it skips.
final class Utf8Check {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  // CONFINED: to the thread that reads
  private int missing; // bytes that the character still needs
  private int least; // of the next of them
  private int most;

  private Utf8Check() {}

  /// @throws MalformedBodyException when they are not
  static void require(byte[] bytes) {
    Utf8Check check = new Utf8Check();
    check.update(bytes, 0, bytes.length);
    check.end();
  }

  /// The same bytes, checked while they are read; reading on throws a [MalformedBodyException].
  static InputStream of(InputStream bytes) {
    Utf8Check check = new Utf8Check();
    return new FilterInputStream(bytes) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count < 0) {
          check.end();
        } else {
          check.update(target, offset, offset + count);
        }
        return count;
      }
    };
  }

  private void update(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (missing == 0) {
        at = pastAscii(bytes, at, to);
        if (at < to) {
          begin(bytes[at++] & 0xff);
        }
      } else {
        goOn(bytes[at++] & 0xff);
      }
    }
  }

  private static int pastAscii(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < to && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  private void begin(int first) {
    least = 0x80;
    most = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      missing = 1;
    } else if (first >= 0xe0 && first <= 0xef) {
      missing = 2;
      least = first == 0xe0 ? 0xa0 : least;
      most = first == 0xed ? 0x9f : most;
    } else if (first >= 0xf0 && first <= 0xf4) {
      missing = 3;
      least = first == 0xf0 ? 0x90 : least;
      most = first == 0xf4 ? 0x8f : most;
    } else {
      throw notUtf8();
    }
  }

  private void goOn(int next) {
    if (next < least || next > most) {
      throw notUtf8();
    }
    least = 0x80;
    most = 0xbf;
    missing--;
  }

  private void end() {
    if (missing > 0) {
      throw notUtf8();
    }
  }

  private static MalformedBodyException notUtf8() {
    return new MalformedBodyException("The body is no UTF-8.");
  }
}
