package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.schemas.MalformedBodyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {
  /// Both sides of every border that RFC 3629 draws.
  private static final byte[] BORDERS =
      HexFormat.of().parseHex("007f808f909fa0bfc0c1c2dfe0e1ecedeeeff0f1f3f4f5ff");

  private final CharsetDecoder java = StandardCharsets.UTF_8.newDecoder();

  @Test
  void whatIsUtf8IsWhatJavaSaysWhereverItStandsAndHoweverItComes() throws IOException {
    byte[] four = new byte[4];
    for (int i = 0; i < Math.powExact(BORDERS.length, 4); i++) {
      for (int at = 0, rest = i; at < 4; at++, rest /= BORDERS.length) {
        four[at] = BORDERS[rest % BORDERS.length];
      }
      boolean right = isUtf8ForJava(four);

      if (isUtf8(four) != right) {
        assertThat(isUtf8(four)).as(HexFormat.of().formatHex(four)).isEqualTo(right);
      }
      if (i % 101 == 0) {
        assertThat(isUtf8ByteForByte(four)).as(HexFormat.of().formatHex(four)).isEqualTo(right);
      }
    }
  }

  @Test
  void aBadByteIsFoundBehindAnyNumberOfGoodOnes() throws IOException {
    for (int length = 1; length < 40; length++) {
      byte[] bytes = new byte[length];
      assertThat(isUtf8(bytes)).isTrue();
      bytes[length - 1] = (byte) 0xc3;

      assertThat(isUtf8(bytes)).isFalse();
      assertThat(isUtf8ByteForByte(bytes)).isFalse();
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      Utf8Check.require(bytes);
      return true;
    } catch (MalformedBodyException _) {
      return false;
    }
  }

  private static boolean isUtf8ByteForByte(byte[] bytes) throws IOException {
    try (InputStream checked = Utf8Check.of(new ByteArrayInputStream(bytes))) {
      for (byte expected : bytes) {
        assertThat((byte) checked.read()).isEqualTo(expected);
      }
      assertThat(checked.read()).isNegative();
      return true;
    } catch (MalformedBodyException _) {
      return false;
    }
  }

  private boolean isUtf8ForJava(byte[] bytes) {
    try {
      return java.decode(ByteBuffer.wrap(bytes)).hasRemaining();
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
