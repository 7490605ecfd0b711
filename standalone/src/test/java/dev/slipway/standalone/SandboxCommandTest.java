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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The sandbox commands against an API that answers what it is told to.
class SandboxCommandTest {
  private static final String ID = "0198c0de-0000-7000-8000-000000000001";
  private static final String OVER = "0198c0de-0000-7000-8000-000000000002";
  private static final String OPERATION = "0198c0de-0000-7000-8000-000000000003";
  private static final String SANDBOX = "/api/v1/sandboxes/" + ID;
  private static final String OUTPUT = "/api/v1/operations/" + OPERATION + "/output?stream=";

  @TempDir Path folder;

  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream rawOut = new ByteArrayOutputStream();
  private final ByteArrayOutputStream rawErr = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private byte[] standardInput = {};
  private HttpServer server;

  /// @param declaredBytes how long it says that it is
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Answer(int status, byte[] body, int declaredBytes, Map<String, String> headers) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void outputComesByteByByteOverALostConnectionAndTheStatusIsTheCommands() {
    byte[] bytes = random(100_000);
    byte[] noise = random(3_000);
    json("POST " + SANDBOX + "/commands", 202, operation("QUEUED", "null", "null"));
    output("stdout", 0, Arrays.copyOfRange(bytes, 0, 60_000), 60_000, 60_000, false);
    answers("GET " + OUTPUT + "stdout&offset=60000", new Answer(503, new byte[0], 0, Map.of()));
    // it says 40,000 bytes, and breaks off after 10,000
    output("stdout", 60_000, Arrays.copyOfRange(bytes, 60_000, 70_000), 40_000, 100_000, false);
    output("stdout", 70_000, Arrays.copyOfRange(bytes, 70_000, 100_000), 30_000, 100_000, true);
    output("stderr", 0, noise, 3_000, 3_000, true);
    json("GET /api/v1/operations/" + OPERATION, 200, operation("RUNNING", "null", "null"));
    json("GET /api/v1/operations/" + OPERATION, 200, succeeded(3));

    int exit = run("exec", ID, "--cwd", "/tmp", "--env", "A=b=c", "--", "printf", "@a", "-x");

    assertThat(err.toString()).isEmpty();
    assertThat(exit).isEqualTo(3);
    assertThat(rawOut.toByteArray()).isEqualTo(bytes);
    assertThat(rawErr.toByteArray()).isEqualTo(noise);
    assertThat(out.toString()).isEmpty();
    JsonNode asked = body("POST " + SANDBOX + "/commands");
    assertThat(asked)
        .isEqualTo(
            read(
                """
                {"argv":["printf","@a","-x"],"cwd":"/tmp","environment":{"A":"b=c"}}
                """));
  }

  @Test
  void whatFailsSaysWhyAndOnlyATimeOutEndsWithFive() {
    for (String code : List.of("timeout", "sandbox_lost")) {
      json("POST " + SANDBOX + "/commands", 202, operation("QUEUED", "null", "null"));
      ended();
      json(
          "GET /api/v1/operations/" + OPERATION,
          200,
          operation("FAILED", "null", "{\"code\":\"%s\",\"message\":\"So.\"}".formatted(code)));
    }

    assertThat(run("exec", ID, "-c", "sleep 9", "--timeout", "1s")).isEqualTo(5);
    assertThat(err.toString()).contains("timeout: So.");
    assertThat(body("POST " + SANDBOX + "/commands").path("timeout_seconds").asInt()).isEqualTo(1);
    assertThat(run("exec", ID, "-c", "sleep 9")).isEqualTo(1);
    assertThat(err.toString()).contains("sandbox_lost: So.");
  }

  @Test
  void asJsonEachPieceIsALineAndTheOperationTheLast() {
    byte[] noText = {(byte) 0xff, 0};
    json("POST " + SANDBOX + "/commands", 202, operation("QUEUED", "null", "null"));
    output("stdout", 0, "höh\n".getBytes(UTF_8), 5, 5, true);
    output("stderr", 0, noText, 2, 2, true);
    json("GET /api/v1/operations/" + OPERATION, 200, succeeded(0));

    assertThat(run("exec", ID, "--json", "--", "x")).isZero();

    List<JsonNode> lines = out.toString().lines().map(SandboxCommandTest::read).toList();
    assertThat(lines)
        .contains(
            read("{\"stream\":\"stdout\",\"offset\":0,\"text\":\"höh\\n\"}"),
            read("{\"stream\":\"stderr\",\"offset\":0,\"base64\":\"/wA=\"}"));
    assertThat(lines.getLast()).isEqualTo(read(succeeded(0)));
    assertThat(rawOut.size() + rawErr.size()).isZero();
  }

  @Test
  void createAsksForWhatItIsToldAndWaitsUntilItRuns() {
    json("POST /api/v1/sandboxes", 202, sandbox(ID, "REQUESTED"));
    json("GET " + SANDBOX, 200, sandbox(ID, "CREATED"));
    json("GET " + SANDBOX, 200, sandbox(ID, "RUNNING"));

    int exit =
        run(
            "create",
            "--name",
            "demo",
            "--timeout",
            "1h",
            "--network",
            "a.example,b.example",
            "--env",
            "K=secret://file/k",
            "--metadata",
            "team=x");

    assertThat(exit).isZero();
    assertThat(out.toString()).contains(ID, "demo", "RUNNING");
    assertThat(requests.getFirst()).isEqualTo("POST /api/v1/sandboxes wait=2");
    assertThat(body("POST /api/v1/sandboxes"))
        .isEqualTo(
            read(
                """
                {"name":"demo","timeout_seconds":3600,"network":["a.example","b.example"],
                 "environment":{"K":"secret://file/k"},"metadata":{"team":"x"}}
                """));
  }

  @Test
  void aSandboxThatCannotBeMadeEndsWithOneAndTheRemedy() {
    json(
        "POST /api/v1/sandboxes",
        200,
        sandbox(ID, "FAILED")
            .replace(
                "\"failure\":null",
                "\"failure\":{\"code\":\"unavailable\",\"message\":\"Install bubblewrap.\"}"));

    assertThat(run("create")).isEqualTo(1);

    assertThat(err.toString()).contains("unavailable: Install bubblewrap.");
  }

  @Test
  void aNameIsThatOfTheSandboxWhichIsNotOverAndKillWaitsForItsEnd() {
    String named = "[%s,%s]".formatted(sandbox(OVER, "FAILED"), sandbox(ID, "RUNNING"));
    json("GET /api/v1/sandboxes?limit=200&name=demo", 200, "{\"items\":" + named + "}");
    json("DELETE " + SANDBOX, 202, sandbox(ID, "TERMINATING"));
    json("GET " + SANDBOX, 200, sandbox(ID, "TERMINATING"));
    json("GET " + SANDBOX, 200, sandbox(ID, "TERMINATED"));

    assertThat(run("kill", "demo", "--json")).isZero();

    assertThat(read(out.toString())).isEqualTo(read(sandbox(ID, "TERMINATED")));
    json("GET /api/v1/sandboxes?limit=200&name=none", 200, "{\"items\":[]}");
    assertThat(run("show", "none")).isEqualTo(1);
    assertThat(err.toString()).contains("none");
  }

  @Test
  void aListFollowsItsCursorNoFartherThanItsLimit() {
    String filters = "&state=RUNNING&metadata.team=a%26b";
    json(
        "GET /api/v1/sandboxes?limit=3" + filters,
        200,
        "{\"items\":[%s,%s],\"next_cursor\":\"c+1\"}"
            .formatted(sandbox(ID, "RUNNING"), sandbox(OVER, "RUNNING")));
    json(
        "GET /api/v1/sandboxes?limit=1" + filters + "&cursor=c%2B1",
        200,
        "{\"items\":[%s],\"next_cursor\":\"c2\"}".formatted(sandbox(ID, "RUNNING")));

    assertThat(run("list", "--state", "RUNNING", "--metadata", "team=a&b", "--limit", "3"))
        .isZero();

    assertThat(out.toString().lines()).hasSize(4);
  }

  @Test
  void filesGoInAndComeOutByteByByte() throws IOException {
    byte[] bytes = random(300_000);
    Path file = Files.write(folder.resolve("a b.bin"), bytes);
    String put = "PUT " + SANDBOX + "/files?path=";
    json(put + "d%2Fa+b.bin", 200, "{\"path\":\"/home/user/d/a b.bin\",\"size_bytes\":300000}");
    json(put + "in", 200, "{\"path\":\"/home/user/in\",\"size_bytes\":5}");
    standardInput = "hello".getBytes(UTF_8);
    String get = "GET " + SANDBOX + "/files?path=";
    Answer whole = new Answer(200, bytes, bytes.length, Map.of());
    answers(get + "%2Fetc%2Fx", whole);
    answers(get + "%2Fetc%2Fx", whole);

    assertThat(run("put", file.toString(), ID + ":d/")).isZero();
    assertThat(run("put", "-", ID + ":in")).isZero();
    assertThat(run("get", ID + ":/etc/x", folder.toString())).isZero();
    assertThat(run("get", ID + ":/etc/x", "-")).isZero();

    assertThat(bodies.get(put + "d%2Fa+b.bin")).isEqualTo(bytes);
    assertThat(bodies.get(put + "in")).isEqualTo(standardInput);
    assertThat(folder.resolve("x")).hasBinaryContent(bytes);
    assertThat(rawOut.toByteArray()).isEqualTo(bytes);
    assertThat(out.toString()).contains("/home/user/d/a b.bin", "300000");
  }

  @Test
  void aFileThatBreaksOffLeavesWhatWasThere() throws IOException {
    Path target = Files.writeString(folder.resolve("x"), "before");
    String get = "GET " + SANDBOX + "/files?path=x";
    answers(get, new Answer(200, random(10), 1_000, Map.of()));
    json(get, 404, "{\"detail\":\"There is no such file.\"}");

    assertThat(run("get", ID + ":x", target.toString())).isEqualTo(4);
    assertThat(err.toString()).contains("connection was lost");
    assertThat(run("get", ID + ":x", target.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("There is no such file.");
    assertThat(target).hasContent("before");
    assertThat(folder.toFile().list()).containsExactly("x");
    assertThat(run("put", folder.resolve("none").toString(), ID + ":x")).isEqualTo(1);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("sandbox"));
    all.addAll(List.of(arguments));
    all.addAll(
        1, List.of("--url", "http://127.0.0.1:" + server.getAddress().getPort(), "--token", "t"));
    return Slipway.commandLine(
            Map.of(),
            Clock.systemUTC(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new StandardStreams(new ByteArrayInputStream(standardInput), rawOut, rawErr))
        .execute(all.toArray(String[]::new));
  }

  private void ended() {
    output("stdout", 0, new byte[0], 0, 0, true);
    output("stderr", 0, new byte[0], 0, 0, true);
  }

  private void output(
      String stream, int offset, byte[] bytes, int declared, int next, boolean ended) {
    answers(
        "GET " + OUTPUT + stream + "&offset=" + offset,
        new Answer(
            200,
            bytes,
            declared,
            Map.of(
                "Slipway-Output-Next", Integer.toString(next),
                "Slipway-Output-Ended", Boolean.toString(ended))));
  }

  private void json(String request, int status, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    answers(request, new Answer(status, bytes, bytes.length, Map.of()));
  }

  private void answers(String request, Answer answer) {
    answers.computeIfAbsent(request, _ -> new ArrayDeque<>()).add(answer);
  }

  private JsonNode body(String request) {
    return JsonMapper.shared().readTree(bodies.get(request));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String wait = exchange.getRequestHeaders().getFirst("Prefer");
    requests.add(wait == null ? request : request + " " + wait);
    bodies.put(request, exchange.getRequestBody().readAllBytes());
    Deque<Answer> waiting = answers.get(request);
    Answer answer =
        waiting == null || waiting.isEmpty()
            ? new Answer(500, "{\"detail\":\"unexpected\"}".getBytes(UTF_8), 23, Map.of())
            : waiting.removeFirst();
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
    exchange.sendResponseHeaders(
        answer.status(), answer.declaredBytes() == 0 ? -1 : answer.declaredBytes());
    if (answer.declaredBytes() > 0) {
      exchange.getResponseBody().write(answer.body());
      exchange.getResponseBody().flush();
    }
    exchange.close();
  }

  private static String sandbox(String id, String state) {
    return """
    {"sandbox_id":"%s","name":"demo","state":"%s","template":"base","expires_at":null,"failure":null}
    """
        .formatted(id, state)
        .strip();
  }

  private static String succeeded(int exit) {
    return operation("SUCCEEDED", "{\"exit_code\":%d,\"truncated\":false}".formatted(exit), "null");
  }

  private static String operation(String state, String result, String failure) {
    return """
    {"operation_id":"%s","kind":"run_command","state":"%s","result":%s,"failure":%s}
    """
        .formatted(OPERATION, state, result, failure)
        .strip();
  }

  private static JsonNode read(String json) {
    return JsonMapper.shared().readTree(json);
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }
}
