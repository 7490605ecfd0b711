package dev.slipway.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.localgithub.LocalGitHub;
import dev.slipway.localgithub.LocalGitHubSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `github connect` on a local GitHub, which calls a Slipway that knows one secret.
class GitHubCommandTest {
  private static final String TOKEN = "a-token-of-the-local-github";
  private static final String SECRET = "the-secret-of-slipway";
  private static final AtomicInteger REPOSITORIES = new AtomicInteger();

  @TempDir static Path folder;
  private static LocalGitHub github;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer slipway;
  private String repository;

  /// What Slipway answers whoever knows the secret.
  private volatile int answer = 202;

  @BeforeAll
  static void startGitHub() {
    github =
        LocalGitHub.start(
            new LocalGitHubSettings(
                0, TOKEN, folder.resolve("github"), LocalGitHubSettings.MANY_REQUESTS),
            Clock.systemUTC());
  }

  @AfterAll
  static void closeGitHub() {
    github.close();
  }

  @BeforeEach
  void start() throws Exception {
    slipway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    slipway.createContext("/webhooks/github", this::take);
    slipway.createContext("/api/v1/deliveries/", GitHubCommandTest::know);
    slipway.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    slipway.start();
    String name = "site-" + REPOSITORIES.incrementAndGet();
    repository = "slipway/" + name;
    JsonNode _ = call("POST", "/user/repos", "{\"name\":\"" + name + "\"}");
  }

  @AfterEach
  void stop() {
    slipway.stop(0);
  }

  @Test
  void theFirstRunMakesTheWebhookAndTheSecondFindsItAsItIsToBe() throws Exception {
    assertThat(run("--json")).as(err.toString()).isZero();
    JsonNode first = json();
    assertThat(run("--json")).isZero();
    JsonNode second = json();

    assertThat(first.path("action").asString()).isEqualTo("created");
    assertThat(first.at("/ping/status_code").asInt()).isEqualTo(202);
    assertThat(first.at("/delivery/outcome").asString()).isEqualTo("IGNORED");
    assertThat(second.path("action").asString()).isEqualTo("unchanged");
    assertThat(second.path("hook_id")).isEqualTo(first.path("hook_id"));
    JsonNode hook = call("GET", "/repos/" + repository + "/hooks", "").path(0);
    assertThat(hook.at("/config/content_type").asString()).isEqualTo("json");
    assertThat(hook.path("events").toString())
        .contains("\"pull_request\"", "\"pull_request_review\"", "\"check_run\"", "\"push\"")
        .doesNotContain("installation", "meta");
    assertThat(out.toString() + err).doesNotContain(SECRET, TOKEN);
  }

  @Test
  void whatIsNotAsItIsToBeIsRepairedAndNamed() throws Exception {
    JsonNode _ =
        call(
            "POST",
            "/repos/" + repository + "/hooks",
            """
            {"active":false,"events":["push"],"config":{"url":"%s","content_type":"form","insecure_ssl":"1",
             "secret":"%s"}}
            """
                .formatted(url(), SECRET));

    assertThat(run("--dry-run", "--json")).isZero();
    assertThat(json().path("action").asString()).isEqualTo("updated");
    assertThat(hook().path("active").asBoolean()).isFalse();
    assertThat(run("--json")).as(err.toString()).isZero();

    assertThat(json().path("changed").toString())
        .isEqualTo("[\"content_type\",\"insecure_ssl\",\"active\",\"events\"]");
    assertThat(hook().path("active").asBoolean()).isTrue();
    assertThat(hook().at("/config/content_type").asString()).isEqualTo("json");
  }

  @Test
  void anotherSecretShowsByThePingAndIsSet() throws Exception {
    assertThat(run("--json")).as(err.toString()).isZero();
    long id = json().path("hook_id").asLong();
    JsonNode _ =
        call(
            "PATCH",
            "/repos/" + repository + "/hooks/" + id + "/config",
            "{\"secret\":\"another\"}");

    assertThat(run("--json")).as(err.toString()).isZero();

    JsonNode repaired = json();
    assertThat(repaired.path("hook_id").asLong()).isEqualTo(id);
    assertThat(repaired.path("changed").toString()).isEqualTo("[\"secret\"]");
    assertThat(repaired.at("/ping/status_code").asInt()).isEqualTo(202);
  }

  @Test
  void aWebhookThatCallsAnotherPlaceIsMovedWhenItIsNamed() throws Exception {
    JsonNode elsewhere =
        call(
            "POST",
            "/repos/" + repository + "/hooks",
            "{\"events\":[\"push\"],\"config\":{\"url\":\"http://127.0.0.1:1/webhooks/github\"}}");
    String id = elsewhere.path("id").asString();

    assertThat(run("--hook", id, "--json")).as(err.toString()).isZero();

    assertThat(json().path("changed").toString()).startsWith("[\"url\"");
    assertThat(hook().at("/config/url").asString()).isEqualTo(url());
    assertThat(run("--hook", "999999")).isEqualTo(1);
  }

  @Test
  void whatDoesNotArriveEndsWithOneAndSaysWhatHelps() {
    answer = 400;

    assertThat(run()).isEqualTo(1);

    assertThat(err.toString()).contains("SLIPWAY_WEB_HOSTS");
    assertThat(out.toString()).contains("created", "400");
  }

  @Test
  void whatGitHubRefusesIsSaidWithItsOwnStatus() {
    repository = "slipway/none";
    assertThat(run()).isEqualTo(1);
    assertThat(execute(Map.of("GITHUB_TOKEN", "wrong-" + TOKEN), List.of())).isEqualTo(3);
    assertThat(
            execute(
                Map.of("GITHUB_TOKEN", TOKEN, "GITHUB_API_URL", "http://127.0.0.1:1"), List.of()))
        .isEqualTo(4);
    assertThat(err.toString()).doesNotContain(TOKEN, SECRET, "\tat ");
  }

  private JsonNode hook() throws Exception {
    return call("GET", "/repos/" + repository + "/hooks", "").path(0);
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(out.toString());
  }

  private String url() {
    return "http://127.0.0.1:" + slipway.getAddress().getPort() + "/webhooks/github";
  }

  /// Java's own refusal of such a header repeats it.
  @Test
  void aTokenThatNobodyCanSendIsRefusedAndNotRepeated() {
    assertThat(execute(Map.of("GITHUB_TOKEN", "ghp_…"), List.of())).isEqualTo(2);

    assertThat(err.toString()).contains("GITHUB_TOKEN", "ASCII").doesNotContain("ghp_");
  }

  private int run(String... more) {
    return execute(Map.of("GITHUB_TOKEN", TOKEN), List.of(more));
  }

  private int execute(Map<String, String> access, List<String> more) {
    out.getBuffer().setLength(0);
    Map<String, String> environment = new HashMap<>();
    environment.put("GITHUB_API_URL", github.api().toString());
    environment.putAll(access);
    List<String> line =
        new ArrayList<>(
            List.of(
                "github",
                "connect",
                repository,
                "--webhook-url",
                url(),
                "--secret-file",
                secretFile().toString(),
                "--url",
                "http://127.0.0.1:" + slipway.getAddress().getPort(),
                "--token",
                "t"));
    line.addAll(more);
    var nothing = new ByteArrayOutputStream();
    return Slipway.commandLine(
            environment,
            Clock.systemUTC(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new StandardStreams(new ByteArrayInputStream(new byte[0]), nothing, nothing))
        .execute(line.toArray(String[]::new));
  }

  private static Path secretFile() {
    try {
      return Files.writeString(folder.resolve("secret"), SECRET + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As Slipway takes webhooks.
  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String given = String.valueOf(exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"));
    exchange.sendResponseHeaders(given.equals("sha256=" + hmac(body)) ? answer : 401, -1);
    exchange.close();
  }

  private static String hmac(byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// As Slipway knows pings.
  private static void know(HttpExchange exchange) throws IOException {
    byte[] body = "{\"outcome\":\"IGNORED\",\"reason\":\"ping\"}".getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static JsonNode call(String method, String path, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String answer =
          client
              .send(
                  HttpRequest.newBuilder(URI.create(github.api() + path))
                      .header("User-Agent", "test")
                      .header("Authorization", "Bearer " + TOKEN)
                      .method(method, BodyPublishers.ofString(body))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return JsonMapper.shared().readTree(answer);
    }
  }
}
