package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What no client library sends.
class UnreadableRequestsIT {
  private static final String POST =
      "POST /open/hello HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

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
      "GET /" + "a".repeat(70_000) + rest,
      "GET /a HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n",
      "GET /a HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
      POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /open//hello" + rest,
      "GET /open/..%2fhello" + rest,
      "GET /open/../api/v1/things" + rest,
      "GET /open/hello;a=b" + rest,
      "GET /open/hello%00" + rest,
    };
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatCannotBeReadIsAProblemTooAndNoLineInTheLog(String request) {
    String answer;
    try (LogWatch log = new LogWatch()) {
      answer = service.raw(request);

      assertThat(log.lines()).isEmpty();
    }

    assertThat(answer)
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"status\":400", "\"code\":\"malformed\"")
        .doesNotContain("xception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip, chunked", "gzip", "identity", "chunked;q=1"})
  void aTransferCodingOtherThanChunkedIsNotImplemented(String coding) {
    String answer = service.raw(POST + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 501 Not Implemented\r\n")
        .contains("\"code\":\"not_implemented\"");
  }

  @Test
  void aRequestLineMayBeLongAndOneThatIsTooLongIsToldTheSetting() {
    String rest = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    assertThat(service.raw("GET /" + "a".repeat(65_000) + rest)).startsWith("HTTP/1.1 404 ");
    assertThat(service.raw("GET /" + "a".repeat(65_600) + rest))
        .contains("longer than 65536 bytes", "slipway.web.max-request-line");
  }

  @Test
  void brokenChunksOfABodyThatIsBeingReadAreMalformedAndLeaveNoTrace() {
    String head =
        POST.replace("/open/hello", "/api/v1/things")
            + "Transfer-Encoding: chunked\r\nAuthorization: Bearer "
            + service.token("acme", "alice", Scope.TASKS)
            + "\r\n\r\n";
    try (LogWatch log = new LogWatch()) {
      for (String body : List.of("ZZ\r\n", "-1\r\n", "1\r\n{\r\nZZ\r\n", "1\r\n{}\r\n")) {
        assertThat(service.raw(head + body))
            .startsWith("HTTP/1.1 400 Bad Request\r\n")
            .contains("\"code\":\"malformed\"");
      }
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void clientsThatResetTheirConnectionWithinABodyLeaveNoLine() throws IOException {
    String head =
        POST.replace("/open/hello", "/api/v1/things")
            + "Content-Length: 100\r\nAuthorization: Bearer "
            + service.token("acme", "alice", Scope.TASKS)
            + "\r\n\r\n";
    try (LogWatch log = new LogWatch()) {
      for (String sent : List.of(head + "{", head, "GET /open/later", POST + "Content-Length: 9")) {
        try (Socket socket = connect()) {
          socket.setSoLinger(true, 0);
          socket.getOutputStream().write(ascii(sent));
        }
      }
      // all connections share the loops: what came before is done
      for (int i = 0; i < 50; i++) {
        assertThat(service.raw("GARBAGE\r\n\r\n")).startsWith("HTTP/1.1 400");
      }
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whoWaitsForLeaveToSendGetsItBeforeARefusalTooAndTheConnectionLives() throws IOException {
    String head =
        POST.replace("/open/hello", "/api/v1/things")
            + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    try (Socket socket = connect()) {
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write(ascii(head));
        assertThat(readTo(socket, "\r\n\r\n")).startsWith("HTTP/1.1 100 ");
        socket.getOutputStream().write(ascii("{}"));
        assertThat(readTo(socket, "}")).startsWith("HTTP/1.1 401 ");
      }
    }
  }

  @Test
  void aConnectionLivesOnAfterRefusalsWhoseBodyWasReadToItsEnd() throws IOException {
    try (Socket socket = connect()) {
      for (String line :
          List.of(
              "POST /nothing HTTP/1.1\r\nHost: localhost\r\n",
              "POST /open/hello HTTP/1.1\r\nHost: localhost\r\n",
              "POST /open/hello HTTP/1.1\r\nHost: evil\r\n",
              "POST /open/%zz HTTP/1.1\r\nHost: localhost\r\n",
              "POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\n")) {
        socket.getOutputStream().write(ascii(line + "Content-Length: 2\r\n\r\n{}"));

        assertThat(readTo(socket, "}")).startsWith("HTTP/1.1 4");
      }
    }
  }

  @Test
  void whatCannotBeReadIsAnsweredAfterWhatCameBefore() throws IOException {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(ascii("GET /open/later HTTP/1.1\r\nHost: localhost\r\n\r\nGARBAGE\r\n\r\n"));

      assertThat(readTo(socket, "later")).startsWith("HTTP/1.1 200 ");
      assertThat(readTo(socket, "}")).startsWith("HTTP/1.1 400 ").contains("malformed");
      assertThat(socket.getInputStream().read()).isNegative();
    }
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
    try (Socket socket = connect()) {
      socket.getOutputStream().write(ascii("GET /open/later" + get + "GET /nothing" + get));
      assertThat(readTo(socket, "}")).contains("not_found");

      socket.getOutputStream().write(ascii("GET /open/hello" + get));

      assertThat(readTo(socket, "hello")).startsWith("HTTP/1.1 200 ");
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static String readTo(Socket socket, String end) throws IOException {
    var read = new StringBuilder();
    while (!read.toString().endsWith(end)) {
      int next = socket.getInputStream().read();
      assertThat(next).as("after: " + read).isNotNegative();
      read.append((char) next);
    }
    return read.toString();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
