package dev.slipway.sandbox.git;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Values of secrets, which do not leave as they are.
final class Withheld {
  /// What is shorter stands in any file.
  private static final int SHORTEST = 8;

  private static final int PIECE = 64 << 10;

  private final List<byte[]> values;

  private Withheld(List<byte[]> values) {
    this.values = values;
  }

  static Withheld of(Collection<String> secrets) {
    return new Withheld(
        secrets.stream()
            .map(value -> value.getBytes(StandardCharsets.UTF_8))
            .filter(value -> value.length >= SHORTEST)
            .toList());
  }

  /// Refuses a text that holds one.
  ///
  /// @param what the text is, for people
  void check(String what, String text) {
    if (isIn(text.getBytes(StandardCharsets.UTF_8))) {
      throw new GitException(
          GitCode.VALIDATION_FAILED,
          "The value of a secret of this sandbox stands in %s: take it out.".formatted(what));
    }
  }

  /// Whether there is nothing to look for.
  boolean isEmpty() {
    return values.isEmpty();
  }

  boolean isIn(byte[] bytes) {
    try {
      return isIn(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isIn(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return isIn(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads to the end, unless it finds one before.
  private boolean isIn(InputStream in) throws IOException {
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
