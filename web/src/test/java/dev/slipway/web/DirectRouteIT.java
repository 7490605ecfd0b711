package dev.slipway.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.security.AccessRule;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// What holds for a path that is answered below WebFlux as for any other.
class DirectRouteIT {
  private static final String HOST = "Host: localhost\r\n";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start(EchoConfiguration.class);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void answersKeepTheOrderOfTheirRequestsOnWhicheverSideTheyAreAnswered() throws IOException {
    try (Socket socket = connect(service)) {
      List<String> expected = new ArrayList<>();
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        sent.append(post("echo " + i)).append(get("/open/slow")).append(post("again " + i));
        expected.addAll(List.of("echo " + i, "slow", "again " + i));
      }
      send(socket, sent.toString());

      for (String body : expected) {
        assertThat(answer(socket)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + body);
      }
    }
  }

  /// RFC 9112 §9.6.
  @Test
  void whatComesBehindALastAnswerIsNotDone() {
    int held = Echo.HELD.get();

    String answer = service.raw(get("/open/slow", "Connection: close") + post("hold"));

    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nslow");
    // all connections share the loops: what came before is done
    for (int i = 0; i < 20; i++) {
      assertThat(service.raw(post("a", "Connection: close"))).endsWith("a");
    }
    assertThat(Echo.HELD).hasValue(held);
  }

  @Test
  void theHeadersOfAnAnswerAreThoseOfEveryAnswer() {
    String direct = service.raw(post("a", "Connection: close"));
    String other = service.raw(get("/open/slow", "Connection: close"));

    assertThat(headers(direct)).containsAll(without(headers(other), "content-"));
  }

  @Test
  void aTraceGoesOnAndTheRequestIsCounted() {
    String sampled = "00-" + TRACE + "-00f067aa0ba902b7-01";

    String answer = service.raw(post("trace", "Connection: close", "traceparent: " + sampled));

    assertThat(answer).containsPattern("00-" + TRACE + "-[0-9a-f]{16}-01").doesNotContain(sampled);
    assertThat(
            service
                .bean(MeterRegistry.class)
                .get("http.server.requests")
                .tags("method", "POST", "uri", "/open/echo", "status", "200", "outcome", "SUCCESS")
                .timer()
                .count())
        .isPositive();
  }

  @Test
  void whatIsNotMeantByTheRouteIsAnsweredAsOnAnyPath() {
    String close = "Connection: close";

    assertThat(service.raw(get("/open/echo", close)))
        .startsWith("HTTP/1.1 405 ")
        .containsIgnoringCase("\r\nallow: POST\r\n");
    assertThat(service.raw(post("a", close).replace(HOST, "Host: evil\r\n")))
        .startsWith("HTTP/1.1 400 ");
    assertThat(service.raw(post("a", close, "Authorization: a", "Authorization: b")))
        .startsWith("HTTP/1.1 400 ");
    assertThat(service.raw(post("a", close).replace("/echo", "/ech%6f")))
        .startsWith("HTTP/1.1 404 ");
    assertThat(service.raw(post("a", close).replace("/open/echo", "http://localhost/open/echo?x")))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void http10GetsAnAnswerAndTheEndUnlessItAsksToGoOn() throws IOException {
    String old = post("old").replace("HTTP/1.1", "HTTP/1.0");
    assertThat(service.raw(old)).endsWith("\r\n\r\nold").doesNotContain("chunked");

    try (Socket socket = connect(service)) {
      for (int i = 0; i < 2; i++) {
        send(socket, old.replace(HOST, HOST + "Connection: keep-alive\r\n"));
        assertThat(answer(socket)).containsIgnoringCase("connection: keep-alive").endsWith("old");
      }
    }
  }

  @Test
  void aBugIsAProblemWithoutWordsOfItAndALineInTheLog() {
    try (LogWatch log = new LogWatch()) {
      assertThat(service.raw(post("bug", "Connection: close")))
          .startsWith("HTTP/1.1 500 ")
          .contains("\"code\":\"internal\"")
          .doesNotContain("our own fault");
      assertThat(log.lines()).containsExactly("ERROR dev.slipway.web.ProblemLog request failed");
    }
  }

  @Test
  void anAnswerBeforeTheWholeBodyEndsTheConnection() throws IOException {
    try (Socket socket = connect(service)) {
      send(socket, "POST /open/echo HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\nearly");

      assertThat(answer(socket))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("connection: close");
      assertThat(socket.getInputStream().read()).isNegative();
    }
  }

  @Test
  void aClientThatGoesAmidItsBodyIsTold() throws Exception {
    try (Socket socket = connect(service)) {
      send(socket, "POST /open/echo HTTP/1.1\r\n" + HOST + "Content-Length: 1000\r\n\r\npart");
      assertThat(Echo.EVENTS.poll(10, TimeUnit.SECONDS)).isEqualTo("part");
    }

    assertThat(Echo.EVENTS.poll(10, TimeUnit.SECONDS)).isEqualTo("gone");
  }

  static String post(String body, String... headers) {
    return "POST /open/echo HTTP/1.1\r\n"
        + HOST
        + lines(headers)
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String get(String path, String... headers) {
    return "GET " + path + " HTTP/1.1\r\n" + HOST + lines(headers) + "\r\n";
  }

  private static String lines(String... headers) {
    return String.join("", Arrays.stream(headers).map(header -> header + "\r\n").toList());
  }

  private static List<String> headers(String answer) {
    return answer
        .lines()
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(line -> line.toLowerCase(java.util.Locale.ROOT))
        .toList();
  }

  private static List<String> without(List<String> headers, String prefix) {
    return headers.stream()
        .filter(line -> !line.startsWith(prefix) || line.startsWith("content-security"))
        .toList();
  }

  static Socket connect(TestService to) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.port());
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  /// One answer that declares its length.
  static String answer(Socket socket) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("after: " + read).isNotNegative();
      read.append((char) next);
    }
    int length =
        headers(read.toString()).stream()
            .filter(line -> line.startsWith("content-length: "))
            .mapToInt(line -> Integer.parseInt(line.substring(16)))
            .findFirst()
            .orElse(0);
    return read + new String(socket.getInputStream().readNBytes(length), US_ASCII);
  }

  @Configuration(proxyBeanMethods = false)
  static class EchoConfiguration {
    @Bean
    AccessRule access() {
      return AccessRule.open("/open/**");
    }

    @Bean
    DirectRoute echo() {
      return new Echo();
    }

    @Bean
    EchoController controller() {
      return new EchoController();
    }
  }

  @RestController
  static class EchoController {
    @PostMapping("/open/echo")
    Mono<Void> echo() {
      return Mono.error(ApiException.notFound("path"));
    }

    @GetMapping("/open/slow")
    Mono<String> slow() {
      return Mono.just("slow").publishOn(Schedulers.boundedElastic()); // while the loop goes on
    }
  }

  /// Answers with the body, on the event loop's next turn; some bodies mean more.
  static final class Echo implements DirectRoute {
    static final BlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
    static final AtomicInteger HELD = new AtomicInteger();
    private static final BlockingQueue<Runnable> WAITING = new LinkedBlockingQueue<>();

    static void release() {
      WAITING.remove().run();
    }

    @Override
    public String path() {
      return "/open/echo";
    }

    @Override
    public Body open(DirectRequest request) {
      return new EchoedBody(request);
    }

    private record EchoedBody(DirectRequest request, StringBuilder text) implements Body {
      EchoedBody(DirectRequest request) {
        this(request, new StringBuilder());
      }

      @Override
      public void part(ByteBuf part) {
        text.append(part.toString(US_ASCII));
        switch (text.toString()) {
          case "early" -> answer("early");
          case "part" -> EVENTS.add("part");
          default -> {
            // the rest may come
          }
        }
      }

      @Override
      public void end() {
        switch (text.toString()) {
          case "bug" -> throw new IllegalStateException("our own fault");
          case "trace" -> answer(request.traceparent());
          case "hold" -> {
            WAITING.add(() -> request.eventLoop().execute(() -> answer("held")));
            int _ = HELD.incrementAndGet();
          }
          default -> request.eventLoop().execute(() -> answer(text.toString()));
        }
      }

      private void answer(String body) {
        request.answer(HttpStatus.OK, body.getBytes(US_ASCII));
      }

      @Override
      public void gone() {
        EVENTS.add("gone");
      }
    }
  }
}
