package dev.slipway.localgithub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks as a receiver gets them.
class HookIT {
  private static final String SECRET = "a secret of the hook";

  @TempDir static Path folder;
  private static TestGitHub github;
  private static HttpServer receiver;
  private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();
  private static final AtomicInteger STATUS = new AtomicInteger(202);

  private record Received(String path, String event, String guid, String signature, String body) {
    JsonNode json() {
      return JsonMapper.shared()
          .readTree(
              body.startsWith("payload=") ? URLDecoder.decode(body.substring(8), UTF_8) : body);
    }

    String what() {
      String action = json().path("action").asString("");
      return action.isEmpty() ? event : event + "." + action;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    github = TestGitHub.start(folder);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", HookIT::receive);
    receiver.start();
  }

  @AfterAll
  static void close() {
    github.close();
    receiver.stop(0);
  }

  private static void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    RECEIVED.add(
        new Received(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("X-GitHub-Event"),
            exchange.getRequestHeaders().getFirst("X-GitHub-Delivery"),
            exchange.getRequestHeaders().getFirst("X-Hub-Signature-256"),
            body));
    exchange.sendResponseHeaders(STATUS.get(), -1);
    exchange.close();
  }

  private static Answer hook(String repository, String path, String type, String events) {
    return github.post(
        "/repos/slipway/" + repository + "/hooks",
        """
        {"name":"web","events":[%s],"config":{"url":"http://127.0.0.1:%d%s",%s"secret":"%s"}}
        """
            .formatted(events, receiver.getAddress().getPort(), path, type, SECRET));
  }

  private static List<Received> at(String path) {
    return RECEIVED.stream().filter(each -> each.path().equals(path)).toList();
  }

  private static void awaitAt(String path, int count) {
    await(path).until(() -> at(path).size() >= count);
  }

  @Test
  void aPullRequestsLifeIsToldSignedAndInGitHubsShape() throws Exception {
    github.repository("told");
    Answer made = hook("told", "/told", "\"content_type\":\"json\",", "\"*\"").is(201);
    assertThat(made.text("/config/secret")).isEqualTo("********");
    awaitAt("/told", 1);
    assertThat(at("/told").getFirst().what()).isEqualTo("ping");
    Path clone = github.cloned("told");

    Ended _ = github.push(clone, "work", "a.txt", "one\n").ok();
    awaitAt("/told", 3);
    Answer _ =
        github
            .post(
                "/repos/slipway/told/pulls",
                "{\"title\":\"Change\",\"head\":\"work\",\"base\":\"main\"}")
            .is(201);
    awaitAt("/told", 4);
    Ended _ = github.push(clone, "work", "a.txt", "two\n").ok();
    awaitAt("/told", 6);
    Answer _ =
        github.send("PATCH", "/repos/slipway/told/pulls/1", "{\"title\":\"Changed\"}").is(200);
    awaitAt("/told", 7);
    Answer _ = github.send("PUT", "/repos/slipway/told/pulls/1/merge", "").is(200);
    awaitAt("/told", 9);

    assertThat(at("/told").stream().map(Received::what))
        .containsExactlyInAnyOrder(
            "ping",
            "create",
            "push",
            "pull_request.opened",
            "push",
            "pull_request.synchronize",
            "pull_request.edited",
            "push",
            "pull_request.closed");
    for (Received each : at("/told")) {
      assertThat(each.signature()).isEqualTo("sha256=" + hmac(each.body()));
      assertThat(each.guid()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.*");
      assertThat(each.json().at("/repository/full_name").asString()).isEqualTo("slipway/told");
      assertThat(each.json().at("/sender/login").asString()).isEqualTo("slipway");
    }
    JsonNode closed = one("/told", "pull_request.closed");
    assertThat(closed.at("/pull_request/merged").asBoolean()).isTrue();
    assertThat(closed.at("/pull_request/merged_at").asString()).endsWith("Z");
    JsonNode moved = one("/told", "pull_request.synchronize");
    assertThat(moved.path("after").asString())
        .isEqualTo(moved.at("/pull_request/head/sha").asString());
    JsonNode pushed =
        at("/told").stream()
            .map(Received::json)
            .filter(json -> json.path("created").asBoolean(false))
            .findFirst()
            .orElseThrow();
    assertThat(pushed.at("/commits/0/added/0").asString()).isEqualTo("a.txt");
    assertThat(pushed.path("before").asString()).isEqualTo("0".repeat(40));
    assertThat(pushed.at("/repository/pushed_at").isNumber()).isTrue();
    assertThat(one("/told", "pull_request.edited").at("/changes/title/from").asString())
        .isEqualTo("Change");
  }

  private static JsonNode one(String path, String what) {
    return at(path).stream()
        .filter(each -> each.what().equals(what))
        .findFirst()
        .orElseThrow()
        .json();
  }

  private static String hmac(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
  }

  @Test
  void aFailedDeliveryIsListedAndComesAgainWithItsGuid() throws Exception {
    github.repository("failed");
    STATUS.set(500);
    Answer made = hook("failed", "/failed", "", "\"push\"").is(201);
    String hook = "/repos/slipway/failed/hooks/" + made.json().path("id").asLong();
    await("its failure")
        .until(() -> github.get(hook + "/deliveries?status=failure").json().size() == 1);
    STATUS.set(202);
    Received first = at("/failed").getFirst();
    assertThat(first.body()).startsWith("payload=");
    assertThat(first.signature()).isEqualTo("sha256=" + hmac(first.body()));
    Answer list = github.get(hook + "/deliveries").is(200);
    assertThat(list.text("/0/status")).isEqualTo("Invalid HTTP Response: 500");

    Answer _ =
        github
            .post(hook + "/deliveries/" + list.json().at("/0/id").asLong() + "/attempts", "")
            .is(202);

    await("its redelivery")
        .until(() -> github.get(hook + "/deliveries?status=success").json().size() == 1);
    assertThat(at("/failed")).hasSize(2);
    assertThat(at("/failed").get(1).guid()).isEqualTo(first.guid());
    assertThat(at("/failed").get(1).body()).isEqualTo(first.body());
    Answer newest = github.get(hook + "/deliveries?per_page=1").is(200);
    assertThat(newest.json().at("/0/redelivery").asBoolean()).isTrue();
    assertThat(newest.header("Link")).contains("cursor=v1_").contains("rel=\"next\"");
    Answer one = github.get(hook + "/deliveries/" + newest.json().at("/0/id").asLong()).is(200);
    assertThat(one.text("/request/headers/X-GitHub-Event")).isEqualTo("ping");
    assertThat(one.json().at("/request/payload/zen").asString()).isNotEmpty();
    assertThat(hook("failed", "/failed", "", "\"push\"").is(422).text("/errors/0/message"))
        .isEqualTo("Hook already exists on this repository");
    assertThat(
            github
                .send("PATCH", hook + "/config", "{\"content_type\":\"json\"}")
                .is(200)
                .text("/secret"))
        .isEqualTo("********");
    Answer _ = github.post(hook + "/pings", "").is(204);
    awaitAt("/failed", 3);
    assertThat(at("/failed").get(2).signature())
        .isEqualTo("sha256=" + hmac(at("/failed").get(2).body()));
    Answer _ = github.send("DELETE", hook, "").is(204);
    assertThat(github.get(hook).status()).isEqualTo(404);
  }
}
