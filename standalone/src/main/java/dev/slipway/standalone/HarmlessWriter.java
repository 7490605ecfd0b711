package dev.slipway.standalone;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;

/// Between the commands and the terminal: whatever they print, titles, names and messages that came
/// from anywhere included, does nothing to the terminal and reads in the order in which it stands.
///
/// Control characters (C0, C1, DEL), line and paragraph separators, and format characters (bidi
/// marks and overrides among them) come out as `\u009b`, which in JSON means the same as before.
/// Line feeds and tabs are ours; joiners, which many scripts need, stay.
final class HarmlessWriter extends Writer {
  private static final char ZERO_WIDTH_NON_JOINER = '\u200c';
  private static final char ZERO_WIDTH_JOINER = '\u200d';

  private final PrintWriter target;

  private HarmlessWriter(PrintWriter target) {
    this.target = target;
  }

  /// A writer of lines that reach the target harmless.
  static PrintWriter before(PrintWriter target) {
    return new PrintWriter(new HarmlessWriter(target), true);
  }

  /// Text of which nothing may end the line either: a cell of a table, a message of a server.
  static String escaped(String text) {
    StringBuilder harmless = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      append(harmless, text.charAt(i));
    }
    return harmless.toString();
  }

  private static void append(StringBuilder harmless, char character) {
    if (isHarmful(character)) {
      harmless.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
    } else {
      harmless.append(character);
    }
  }

  private static boolean isHarmful(char character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      case Character.FORMAT -> character != ZERO_WIDTH_NON_JOINER && character != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    StringBuilder harmless = new StringBuilder(length);
    for (int i = offset; i < offset + length; i++) {
      if (characters[i] == '\n' || characters[i] == '\t') {
        harmless.append(characters[i]);
      } else {
        append(harmless, characters[i]);
      }
    }
    target.append(harmless);
  }

  /// Passes on that nobody reads any more, which the target keeps to itself.
  @Override
  public void flush() throws IOException {
    if (target.checkError()) {
      throw new IOException("nobody reads");
    }
  }

  @Override
  public void close() {
    target.close();
  }
}
