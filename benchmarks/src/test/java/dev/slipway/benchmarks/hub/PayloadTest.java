package dev.slipway.benchmarks.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PayloadTest {
  @Test
  void aPayloadIsJsonOfItsSizeWhateverItsNumber() {
    for (long number : List.of(0L, 7L, 9_999_999_999L)) {
      byte[] payload = Payload.of(number);

      assertThat(payload).hasSize(Payload.SIZE_BYTES);
      assertThat(JsonMapper.shared().readTree(payload).path("data").path("text").asString(""))
          .endsWith("~%010d".formatted(number));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 11, 4_096, 11_999, 12_000, 12_001, 1 << 20})
  void numbersAreFoundInWhateverPiecesTheyCome(int pieceBytes) {
    byte[] stream = stream(1, 2, 3, 41, 9_999_999_999L);
    Payload.Scanner scanner = new Payload.Scanner();
    List<Long> found = new ArrayList<>();

    for (int from = 0; from < stream.length; from += pieceBytes) {
      int size = Math.min(pieceBytes, stream.length - from);
      scanner.read(ByteBuffer.wrap(stream, from, size), found::add);
    }

    assertThat(found).containsExactly(1L, 2L, 3L, 41L, 9_999_999_999L);
  }

  /// As a server sends it: a head, then chunks of a frame each.
  private static byte[] stream(long... numbers) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(ascii("HTTP/1.1 200 OK\r\n\r\n18\r\nevent: cursor\ndata: {}\n\n\r\n"));
    for (long number : numbers) {
      stream.writeBytes(ascii("2ee9\r\nid: " + number + "\ndata: "));
      stream.writeBytes(Payload.of(number));
      stream.writeBytes(ascii("\n\n\r\n"));
    }
    return stream.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
