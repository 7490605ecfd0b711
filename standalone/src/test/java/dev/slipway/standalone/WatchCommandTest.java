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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class WatchCommandTest {
  private static final Pattern HARMFUL =
      Pattern.compile("[\\p{Cntrl}\\x80-\\x9F\\u2028\\u2029\\u202A-\\u202E&&[^\\n]]");

  private static final String MERGED =
      """
      {"id":"e","type":"pull_request.merged","time":"2026-11-20T07:00:00.123Z","sequence":3,\
      "context":{},"data":{"repository":"acme/site","number":7,"title":"Fix \\u001b[31mit","actor":"octocat"}}\
      """;

  /// Each would do something to a terminal: C1's CSI, an override of direction, a line separator,
  /// an escape, a line feed.
  private static final String HARM = "a\u009Bb\u202Ec\u2028d\u001B[2Je\nf";

  @TempDir Path folder;

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
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
    var output =
        JsonMapper.shared()
            .readTree(
                """
                {"type":"command.output","data":{"sandbox_id":"s","text":"one\\ntwo\\n"}}
                """);
    assertThat(EventLine.of(output, ZoneOffset.UTC))
        .endsWith("command.output                  s  one two");
    assertThat(EventLine.of(JsonMapper.shared().readTree("{}"), ZoneOffset.UTC))
        .isEqualTo("--:--:--.---");
  }

  @Test
  void nothingThatCameFromOutsideTouchesTheTerminal() {
    String title = JsonMapper.shared().writeValueAsString(HARM);
    String event = "id: c1\ndata: {\"type\":\"t\",\"data\":{\"title\":%s}}\n\n".formatted(title);
    answers.add(event);
    answers.add(event);
    answers.add("event: reset\nid: c1\ndata: {\"reason\":%s}\n\n".formatted(title) + event);
    answers.add("!" + HARM);

    assertThat(watch("--count", "1")).isZero();
    assertThat(out.toString()).contains("a b\\u202ec d [2Je f").doesNotContainPattern(HARMFUL);
    out.getBuffer().setLength(0);
    assertThat(watch("--count", "1", "--json")).isZero();
    assertThat(out.toString()).doesNotContainPattern(HARMFUL);
    assertThat(JsonMapper.shared().readTree(out.toString()).at("/data/title").asString())
        .as("means what it meant")
        .isEqualTo(HARM);
    assertThat(watch("--count", "1")).isZero();
    assertThat(watch()).isEqualTo(1);
    assertThat(err.toString()).doesNotContainPattern(HARMFUL).hasLineCount(2);
  }

  @Test
  void theTokenIsThatOfAnOptionElseOfTheEnvironmentElseOfTheDirectory() throws IOException {
    Path file = Files.writeString(folder.resolve("mine"), "of-file\n");
    Files.writeString(folder.resolve("token"), "of-directory");
    Map<String, String> environment = Map.of("SLIPWAY_TOKEN", "of-environment");

    for (int n = 0; n < 4; n++) {
      answers.add("id: c1\ndata: {}\n\n");
    }
    assertThat(watchAs(environment, "--token", "of-option")).isZero();
    assertThat(watchAs(environment, "--token-file", file.toString())).isZero();
    assertThat(watchAs(environment)).isZero();
    assertThat(watchAs(Map.of("SLIPWAY_TOKEN", ""))).isZero();
    assertThat(tokens)
        .containsExactly(
            "Bearer of-option", "Bearer of-file", "Bearer of-environment", "Bearer of-directory");
  }

  @Test
  void aTokenThatIsNoneIsNotQuoted() throws IOException {
    Path file = Files.writeString(folder.resolve("mine"), "secret one\nsecret two");

    assertThat(watchAs(Map.of(), "--token-file", file.toString())).isEqualTo(2);
    assertThat(watchAs(Map.of("SLIPWAY_TOKEN", "secret three"))).isEqualTo(2);
    assertThat(watchAs(Map.of(), "--token-file", folder.resolve("none").toString())).isEqualTo(3);
    assertThat(err.toString()).contains(file.toString(), "SLIPWAY_TOKEN").doesNotContain("secret");
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
    List<String> all = new ArrayList<>(List.of("--token", "t"));
    all.addAll(List.of(arguments));
    return run(Map.of(), all);
  }

  private int watchAs(Map<String, String> environment, String... arguments) {
    List<String> all = new ArrayList<>(List.of("--count", "1", "--data-dir", folder.toString()));
    all.addAll(List.of(arguments));
    return run(environment, all);
  }

  private int run(Map<String, String> environment, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("watch", "--url"));
    all.add("http://127.0.0.1:" + server.getAddress().getPort());
    all.addAll(arguments);
    return Slipway.commandLine(
            environment,
            Clock.systemUTC(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new StandardStreams(System.in, System.out, System.err))
        .execute(all.toArray(String[]::new));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String cursor = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
    requests.add(exchange.getRequestURI() + " " + cursor);
    String answer = answers.removeFirst();
    boolean refused = answer.startsWith("!");
    byte[] body =
        (refused
                ? JsonMapper.shared()
                    .writeValueAsString(Map.of("detail", "a token, please" + answer.substring(1)))
                : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(refused ? 401 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
