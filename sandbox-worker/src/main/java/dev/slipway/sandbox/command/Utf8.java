package dev.slipway.sandbox.command;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Bytes that may be text (RFC 3629), cut anywhere.
final class Utf8 {
  private static final int LONGEST = 4;

  private Utf8() {}

  /// The text that the bytes are; null when they are none.
  static @Nullable String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /// How many bytes at the end are the beginning of a character whose rest is missing.
  static int incomplete(byte[] bytes) {
    for (int back = 1; back < LONGEST && back <= bytes.length; back++) {
      int unit = bytes[bytes.length - back] & 0xFF;
      if (unit < 0x80) {
        return 0;
      }
      if (unit >= 0xC0) {
        int wanted = unit >= 0xF0 ? 4 : unit >= 0xE0 ? 3 : 2;
        return back < wanted ? back : 0;
      }
    }
    return 0;
  }
}
