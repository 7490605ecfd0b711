package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
  @Test
  void messagesAndTheEndHaveTheirFlagsAndLengths() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Envelopes envelopes = new Envelopes(out);

    envelopes.message(Map.of("a", 1));
    envelopes.end();

    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("\0\0\0\0\7{\"a\":1}\2\0\0\0\2{}");
  }

  @Test
  void aFailureIsPartOfTheEnd() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    new Envelopes(out).end(new RpcException(RpcCode.NOT_FOUND, "no"));

    assertThat(out.toString(StandardCharsets.ISO_8859_1))
        .startsWith("\2\0\0\0")
        .contains("\"error\":{", "\"code\":\"not_found\"", "\"message\":\"no\"");
  }

  @Test
  void aRequestIsReadAndNothingBehindIt() throws IOException {
    ByteArrayInputStream in = bytes("\0\0\0\0\7{\"a\":1}rest");

    assertThat(Envelopes.read(in).path("a").asInt()).isEqualTo(1);
    assertThat(in.readAllBytes()).asString().isEqualTo("rest");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThatThrownBy(() -> Envelopes.read(bytes("\0\0"))).isInstanceOf(RpcException.class);
    assertThatThrownBy(() -> Envelopes.read(bytes("\1\0\0\0\2{}")))
        .isInstanceOf(RpcException.class);
    assertThatThrownBy(() -> Envelopes.read(bytes("\0\u00ff\0\0\2{}")))
        .isInstanceOf(RpcException.class);
    assertThatThrownBy(() -> Envelopes.read(bytes("\0\0\0\0\2no")))
        .isInstanceOf(RpcException.class);
    assertThatThrownBy(() -> Envelopes.read(bytes("\0\0\0\0\5{}")))
        .isInstanceOf(EOFException.class);
  }

  private static ByteArrayInputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
