package dev.slipway.schemas;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The JSON of a webhook that GitHub sent as a form (`application/x-www-form-urlencoded`): the
/// value of the one field `payload`, percent-decoded while it is read, so that no second copy of a
/// large body comes into being.
public final class FormPayload extends InputStream {
  private static final byte[] FIELD = "payload=".getBytes(StandardCharsets.US_ASCII);

  private final byte[] form;
  private final int end;

  // CONFINED: to the thread that reads
  private int position;

  private FormPayload(byte[] form, int start, int end) {
    this.form = form;
    this.position = start;
    this.end = end;
  }

  /// Finds the field.
  ///
  /// @param form the body as sent
  /// @throws MalformedBodyException unless exactly one field is named `payload`
  public static FormPayload of(byte[] form) {
    int found = -1;
    int foundEnd = -1;
    for (int start = 0; start <= form.length; ) {
      int end = endOfField(form, start);
      if (startsWithField(form, start, end)) {
        if (found >= 0) {
          throw new MalformedBodyException("The form has more than one field payload.");
        }
        found = start + FIELD.length;
        foundEnd = end;
      }
      start = end + 1;
    }
    if (found < 0) {
      throw new MalformedBodyException("The form has no field payload.");
    }
    return new FormPayload(form, found, foundEnd);
  }

  private static int endOfField(byte[] form, int start) {
    int end = start;
    while (end < form.length && form[end] != '&') {
      end++;
    }
    return end;
  }

  private static boolean startsWithField(byte[] form, int start, int end) {
    return end - start >= FIELD.length
        && Arrays.equals(form, start, start + FIELD.length, FIELD, 0, FIELD.length);
  }

  @Override
  public int read() {
    if (position >= end) {
      return -1;
    }
    byte b = form[position++];
    return switch (b) {
      case '+' -> ' ';
      case '%' -> escaped();
      default -> b & 0xff;
    };
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    int count = 0;
    while (count < length && position < end) {
      target[offset + count++] = (byte) read();
    }
    return count == 0 ? -1 : count;
  }

  /// The next bytes: as many as asked for, or what is left.
  public byte[] first(int length) {
    byte[] bytes = new byte[length];
    return Arrays.copyOf(bytes, Math.max(0, read(bytes, 0, length)));
  }

  private int escaped() {
    if (position + 2 > end) {
      throw new MalformedBodyException("The form ends within a percent escape.");
    }
    int high = Character.digit(form[position++], 16);
    int low = Character.digit(form[position++], 16);
    if (high < 0 || low < 0) {
      throw new MalformedBodyException("The form has a percent sign without two hex digits.");
    }
    return high << 4 | low;
  }
}
