package dev.slipway.sandbox.git;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/// Looks for values in bytes, of which there may be many.
final class Contents {
  private static final int PIECE = 64 << 10;

  private Contents() {}

  static boolean holds(byte[] bytes, List<byte[]> values) {
    try {
      return holds(new ByteArrayInputStream(bytes), values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads to the end, unless it finds one before.
  static boolean holds(InputStream in, List<byte[]> values) throws IOException {
    int overlap = values.stream().mapToInt(value -> value.length).max().orElse(1) - 1;
    byte[] window = new byte[0];
    byte[] piece = in.readNBytes(PIECE);
    while (piece.length > 0) {
      byte[] all = Arrays.copyOf(window, window.length + piece.length);
      System.arraycopy(piece, 0, all, window.length, piece.length);
      for (byte[] value : values) {
        if (contains(all, value)) {
          return true;
        }
      }
      window = Arrays.copyOfRange(all, Math.max(0, all.length - overlap), all.length);
      piece = in.readNBytes(PIECE);
    }
    return false;
  }

  private static boolean contains(byte[] bytes, byte[] value) {
    for (int at = 0; at + value.length <= bytes.length; at++) {
      if (bytes[at] == value[0]
          && Arrays.equals(bytes, at, at + value.length, value, 0, value.length)) {
        return true;
      }
    }
    return false;
  }
}
