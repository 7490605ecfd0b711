package dev.slipway.sandbox.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Hides values in a stream: each of their bytes becomes an asterisk, so that offsets stay what
/// they are. What may be the beginning of a value is held back until it is known whether it is. One
/// of each stream, used by one thread.
public final class Mask {
  private static final byte HIDDEN = '*';

  private final List<byte[]> values;

  // CONFINED: to the thread that uses it; what was held back as it is, and as it is shown
  private byte[] held = {};
  private byte[] heldShown = {};

  /// @param values to hide; empty ones hide nothing
  Mask(Collection<String> values) {
    this.values =
        values.stream()
            .filter(value -> !value.isEmpty())
            .distinct()
            .map(value -> value.getBytes(StandardCharsets.UTF_8))
            .sorted(Comparator.comparingInt((byte[] value) -> value.length).reversed())
            .toList();
  }

  /// A text without these values.
  public static String masked(String text, Collection<String> values) {
    var mask = new Mask(values);
    var shown = new ByteArrayOutputStream();
    shown.writeBytes(mask.take(text.getBytes(StandardCharsets.UTF_8)));
    shown.writeBytes(mask.end());
    return shown.toString(StandardCharsets.UTF_8);
  }

  /// Takes what comes next, and gives what may be shown.
  byte[] take(byte[] next) {
    if (values.isEmpty()) {
      return next;
    }
    byte[] all = joined(held, next);
    byte[] shown = joined(heldShown, next);
    hide(all, shown);
    int end = all.length - beginning(all);
    held = Arrays.copyOfRange(all, end, all.length);
    heldShown = Arrays.copyOfRange(shown, end, shown.length);
    return Arrays.copyOf(shown, end);
  }

  /// Gives what was held back: nothing comes after it.
  byte[] end() {
    byte[] last = heldShown;
    held = new byte[0];
    heldShown = new byte[0];
    return last;
  }

  /// How many bytes are held back.
  int heldBytes() {
    return held.length;
  }

  private void hide(byte[] bytes, byte[] shown) {
    for (byte[] value : values) {
      for (int at = indexOf(bytes, value, 0); at >= 0; at = indexOf(bytes, value, at + 1)) {
        Arrays.fill(shown, at, at + value.length, HIDDEN);
      }
    }
  }

  /// How many bytes at the end are the beginning of a value, and not all of it.
  private int beginning(byte[] bytes) {
    int longest = 0;
    for (byte[] value : values) {
      for (int size = Math.min(value.length - 1, bytes.length); size > longest; size--) {
        if (Arrays.equals(bytes, bytes.length - size, bytes.length, value, 0, size)) {
          longest = size;
        }
      }
    }
    return longest;
  }

  private static int indexOf(byte[] bytes, byte[] value, int from) {
    for (int at = from; at + value.length <= bytes.length; at++) {
      if (bytes[at] == value[0]
          && Arrays.equals(bytes, at, at + value.length, value, 0, value.length)) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
