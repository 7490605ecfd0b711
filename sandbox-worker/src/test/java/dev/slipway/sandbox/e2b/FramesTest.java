package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
  private static final byte[] STREAM =
      ScriptedE2b.joined(
          ScriptedE2b.frame(0, "{\"a\":1}"), ScriptedE2b.frame(0, ""), ScriptedE2b.frame(2, "{}"));

  @Test
  void framesCutAnywhereAreTheSameFrames() throws IOException {
    for (int cut = 0; cut <= STREAM.length; cut++) {
      InputStream in =
          new SequenceInputStream(
              new ByteArrayInputStream(Arrays.copyOf(STREAM, cut)),
              new ByteArrayInputStream(Arrays.copyOfRange(STREAM, cut, STREAM.length)));

      assertThat(all(in)).containsExactly("{\"a\":1}", "", "last {}");
    }
  }

  @Test
  void framesThatComeByteByByteAreTheSameFrames() throws IOException {
    InputStream in =
        new ByteArrayInputStream(STREAM) {
          @Override
          public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(1, length));
          }
        };

    assertThat(all(in)).containsExactly("{\"a\":1}", "", "last {}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 11})
  void anEndWithinAFrameIsNoEnd(int length) {
    assertThatThrownBy(() -> all(new ByteArrayInputStream(Arrays.copyOf(STREAM, length))))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void aFrameThatIsTooLargeIsNotRead() {
    byte[] header = {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};

    assertThatThrownBy(() -> all(new ByteArrayInputStream(header)))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessage("has an event of 4294967295 bytes, more than slipway.e2b.frame-size");
  }

  @Test
  void aCompressedFrameIsRefused() {
    assertThatThrownBy(() -> all(new ByteArrayInputStream(ScriptedE2b.frame(1, "x"))))
        .isInstanceOf(UnreadableAnswerException.class)
        .hasMessage("is compressed, which was not asked for");
  }

  private static List<String> all(InputStream in) throws IOException {
    var frames = new Frames(in, 100);
    List<String> all = new ArrayList<>();
    for (Optional<Frames.Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
      String payload = new String(next.get().payload(), StandardCharsets.UTF_8);
      all.add(next.get().isLast() ? "last " + payload : payload);
    }
    return all;
  }
}
