package dev.slipway.locale2b.envd;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100_000})
  void partsComeWholeHoweverTheBodyIsCut(int chunk) throws IOException {
    String nearly = "a\r\n--\r\n-b\r\n--\r\r\n-";
    String body =
        part("file", "ä b.txt", "one") + part("file", "/e", "") + part("o", "", nearly) + "--b--";

    List<String> read = read(new Slow(body.getBytes(UTF_8), chunk));

    assertThat(read).containsExactly("file|ä b.txt|one", "file|/e|", "o||" + nearly);
  }

  @Test
  void aPartMayBeLargerThanAnyBufferAndBeSkipped() throws IOException {
    byte[] noise = new byte[300_000];
    new Random(7).nextBytes(noise);
    String large = new String(noise, ISO_8859_1);
    String body = part("a", "", large) + part("b", "", "x") + "--b--\r\n";

    MultipartReader reader = new MultipartReader(new Slow(body.getBytes(UTF_8), 5_000), "b");

    assertThat(reader.next().orElseThrow().name()).isEqualTo("a");
    MultipartReader.Part second = reader.next().orElseThrow();
    assertThat(second.content().readAllBytes()).asString().isEqualTo("x");
    assertThat(reader.next()).isEmpty();
    assertThat(read(new Slow(body.getBytes(UTF_8), 3_333)).getFirst()).isEqualTo("a||" + large);
  }

  @Test
  void aBodyThatEndsTooSoonFails() {
    String body = part("file", "x", "content");

    assertThatThrownBy(() -> read(new Slow(body.substring(0, 70).getBytes(UTF_8), 10)))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void quotesAndBackslashesOfNamesAreUnescaped() {
    String header = "form-data; name=\"file\"; filename=\"a\\\"b\\\\c;d.txt\"; x=y";

    assertThat(FormParameters.find(header, "filename")).contains("a\"b\\c;d.txt");
    assertThat(FormParameters.find(header, "name")).contains("file");
    assertThat(FormParameters.find(header, "X")).contains("y");
    assertThat(FormParameters.find(header, "none")).isEmpty();
  }

  private static String part(String name, String filename, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\""
        + name
        + "\""
        + (filename.isEmpty() ? "" : "; filename=\"" + filename + "\"")
        + "\r\n\r\n"
        + content
        + "\r\n";
  }

  private static List<String> read(InputStream body) throws IOException {
    MultipartReader reader = new MultipartReader(body, "b");
    List<String> parts = new ArrayList<>();
    for (Optional<MultipartReader.Part> part = reader.next();
        part.isPresent();
        part = reader.next()) {
      parts.add(
          part.get().name()
              + "|"
              + part.get().filename().orElse("")
              + "|"
              + new String(part.get().content().readAllBytes(), UTF_8));
    }
    return parts;
  }

  /// Gives no more than a few bytes at a time, as a network does.
  private static final class Slow extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int chunk;

    Slow(byte[] bytes, int chunk) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.chunk = chunk;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return bytes.read(into, offset, Math.min(length, chunk));
    }
  }
}
