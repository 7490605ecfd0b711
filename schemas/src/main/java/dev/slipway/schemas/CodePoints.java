package dev.slipway.schemas;

/// Texts of bounded length. A character is a code point: half of one is none, so that what is cut
/// can still be encoded.
public final class CodePoints {
  private CodePoints() {}

  /// The first characters of a text; the text itself when it has no more.
  public static String first(int characters, String text) {
    int end = 0;
    for (int n = 0; n < characters && end < text.length(); n++) {
      end += Character.charCount(text.codePointAt(end));
    }
    return text.substring(0, end);
  }
}
