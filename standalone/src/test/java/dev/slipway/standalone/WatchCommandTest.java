package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class WatchCommandTest {
  private static final String MERGED =
      """
      {"id":"e","type":"pull_request.merged","time":"2026-11-20T07:00:00.123Z","sequence":3,\
      "context":{},"data":{"repository":"acme/site","number":7,"title":"Fix \\u001b[31mit","actor":"octocat"}}\
      """;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aLostConnectionIsFollowedByOneThatGoesOnWhereItWas() {
    answers.add(
        "event: cursor\nid: c0\ndata: {}\n\nid: c1\ndata: {\"n\":1}\n\nid: c2\ndata: {\"n\"");
    answers.add(": heartbeat\n\n");
    answers.add(
        "event: reset\nid: c5\ndata: {\"reason\":\"expired\"}\n\nid: c6\ndata: {\"n\":6}\n\n");

    int exit = watch("--json", "--count", "2", "--repository", "acme/site");

    assertThat(exit).isZero();
    assertThat(out.toString().lines()).containsExactly("{\"n\":1}", "{\"n\":6}");
    assertThat(err.toString()).contains("expired");
    assertThat(requests)
        .containsExactly(
            "/api/v1/events?repository=acme%2Fsite null",
            "/api/v1/events?repository=acme%2Fsite c1", "/api/v1/events?repository=acme%2Fsite c1");
  }

  @Test
  void anEventIsALineThatDoesNotTouchTheTerminal() {
    var event = JsonMapper.shared().readTree(MERGED);

    assertThat(EventLine.of(event, ZoneOffset.UTC))
        .isEqualTo(
            "07:00:00.123  pull_request.merged             acme/site#7  Fix [31mit  by octocat");
    assertThat(EventLine.of(JsonMapper.shared().readTree("{}"), ZoneOffset.UTC))
        .isEqualTo("--:--:--.---");
  }

  @Test
  void aRefusalEndsWithOneAndSilenceWithFour() {
    answers.add("!");

    assertThat(watch()).isEqualTo(1);
    assertThat(err.toString()).contains("401", "a token, please");
    server.stop(0);
    assertThat(watch()).isEqualTo(4);
  }

  private int watch(String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--token", "t", "--url"));
    all.add("http://127.0.0.1:" + server.getAddress().getPort());
    all.addAll(List.of(arguments));
    return Slipway.commandLine(Map.of(), Clock.systemUTC())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    requests.add(exchange.getRequestURI() + " " + cursor);
    String answer = answers.removeFirst();
    boolean refused = answer.equals("!");
    byte[] body =
        (refused ? "{\"detail\":\"a token, please\"}" : answer).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(refused ? 401 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
