package dev.slipway.pipeline.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What no client library sends.
class UnreadableRequestsIT {
  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start("--slipway.web.body-timeout=300ms");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static String[] requests() {
    String rest = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return new String[] {
      "GARBAGE\r\n\r\n",
      "GET /a|b" + rest,
      "GET /%zz" + rest,
      "GET /" + "a".repeat(20_000) + rest,
      "GET /a HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n",
      "GET /a HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
      "GET /open//hello" + rest,
      "GET /open/..%2fhello" + rest,
      "GET /open/../api/v1/things" + rest,
      "GET /open/hello;a=b" + rest,
      "GET /open/hello%00" + rest,
      "HACK /open/hello" + rest,
    };
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatCannotBeReadIsAProblemToo(String request) {
    String answer = service.raw(request);

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"status\":400", "\"code\":\"malformed\"")
        .doesNotContain("xception");
  }

  @Test
  void aHeadRequestGetsTheStatusAndNoBody() {
    String answer =
        service.raw("HEAD /api/v1/things HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 401 Unauthorized\r\n")
        .contains("Content-Type: application/problem+json")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aBodyThatTricklesIsCutOff() {
    String answer =
        service.raw(
            "POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + service.token("acme", "alice", Scope.TASKS)
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("\"code\":\"malformed\"", "did not arrive in time");
  }

  /// Reactor Netty before 1.3.8 never read such a connection again.
  @Test
  void aConnectionGoesOnAfterARequestThatWaitedBehindAnother() throws IOException {
    String get = " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(ascii("GET /open/later" + get + "GET /nothing" + get));
      readTo(socket, "}");

      socket.getOutputStream().write(ascii("GET /open/hello" + get));

      readTo(socket, "hello");
    }
  }

  private static void readTo(Socket socket, String end) throws IOException {
    var read = new StringBuilder();
    while (!read.toString().endsWith(end)) {
      int next = socket.getInputStream().read();
      assertThat(next).as("after: " + read).isNotNegative();
      read.append((char) next);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
