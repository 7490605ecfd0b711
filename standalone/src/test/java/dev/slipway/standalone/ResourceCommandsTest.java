package dev.slipway.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `pr` and `delivery` against an API that answers what it is told to, and 404 otherwise.
class ResourceCommandsTest {
  private static final String PULL_REQUEST =
      """
      {"repository":{"id":42,"full_name":"acme/site","url":null},"number":7,"state":"OPEN","draft":%s,
       "title":"Faster \\u001b[31mstart","author":"ada","review_decision":"NONE","checks":{"state":"SUCCESS"},
       "sandbox_id":null}
      """;
  private static final String DELIVERY =
      """
      {"delivery_id":"72d3162e-cc78-11e3-81ab-4c9367dc0958","received_at":"2026-01-02T03:04:05.678Z",
       "event":"pull_request","action":"opened","repository":{"id":42,"full_name":"acme/site"},"number":7,
       "outcome":"APPLIED","reason":null}
      """;

  private final Map<String, String> answers = new ConcurrentHashMap<>();
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
  void listsAreTablesOfEveryPageThatIsAskedFor() {
    answers.put(
        "/api/v1/pull-requests?limit=200&repository=acme%2Fsite&state=OPEN",
        page(PULL_REQUEST.formatted("false"), "\"next\""));
    answers.put(
        "/api/v1/pull-requests?limit=199&repository=acme%2Fsite&state=OPEN&cursor=next",
        page(PULL_REQUEST.formatted("true"), "null"));

    int exit = run("pr", "list", "--repository", "acme/site", "--state", "OPEN", "--limit", "200");

    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "REPOSITORY  NUMBER  STATE  TITLE                   AUTHOR  REVIEW  CHECKS   SANDBOX",
            "acme/site   7       OPEN   Faster \\u001b[31mstart  ada     NONE    SUCCESS  -",
            "acme/site   7       DRAFT  Faster \\u001b[31mstart  ada     NONE    SUCCESS  -");
  }

  @Test
  void deliveriesAreFilteredAndPrintedAsJsonForPrograms() {
    answers.put(
        "/api/v1/deliveries?limit=50&event=pull_request&number=7&since=2026-01-01T00%3A00%3A00Z",
        page(DELIVERY, "null"));

    int exit =
        run(
            "delivery",
            "list",
            "--json",
            "--event",
            "pull_request",
            "--number",
            "7",
            "--since",
            "2026-01-01T00:00:00Z");

    assertThat(exit).isZero();
    assertThat(out.toString())
        .startsWith("{\"items\":[{\"delivery_id\":\"72d3162e-cc78-11e3-81ab-4c9367dc0958\"");

    answers.put("/api/v1/deliveries?limit=50", page(DELIVERY, "null"));
    out.getBuffer().setLength(0);

    assertThat(run("delivery", "list")).isZero();
    assertThat(out.toString()).contains("pull_request.opened  acme/site   7       APPLIED  -");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/site 7",
        "acme/site#7",
        "https://github.com/acme/site/pull/7",
        "acme/site/pull/7"
      })
  void aPullRequestIsNamedInMoreThanOneWay(String name) {
    answers.put("/api/v1/pull-requests/acme/site/7", PULL_REQUEST.formatted("false"));
    List<String> line = new ArrayList<>(List.of("pr", "show"));
    line.addAll(List.of(name.split(" ", -1)));

    int exit = run(line.toArray(String[]::new));

    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString().lines())
        .contains("number           7", "sandbox_id       -", "state            OPEN");
  }

  @Test
  void whatIsNotKnownEndsWithOneAndSaysSo() {
    assertThat(run("pr", "show", "acme/none#7")).isEqualTo(1);
    assertThat(run("delivery", "show", "x/../y")).isEqualTo(1);

    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .contains("no pull request 7 of acme/none is known", "no delivery x/../y is known");
  }

  private static String page(String item, String next) {
    return "{\"items\":[%s],\"next_cursor\":%s}".formatted(item, next);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String answer = answers.get(exchange.getRequestURI().toString());
    byte[] body = (answer == null ? "{\"detail\":\"none\"}" : answer).getBytes(UTF_8);
    exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private int run(String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort(), "--token", "t"));
    all.addAll(List.of(arguments));
    var nothing = new ByteArrayOutputStream();
    return Slipway.commandLine(
            Map.of(),
            Clock.systemUTC(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new StandardStreams(new ByteArrayInputStream(new byte[0]), nothing, nothing))
        .execute(all.toArray(String[]::new));
  }
}
