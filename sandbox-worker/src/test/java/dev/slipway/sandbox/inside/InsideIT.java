package dev.slipway.sandbox.inside;

import static dev.slipway.sandbox.SharedSandboxWorker.as;
import static dev.slipway.sandbox.SharedSandboxWorker.problem;
import static dev.slipway.sandbox.SharedSandboxWorker.running;
import static dev.slipway.sandbox.SharedSandboxWorker.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FakeProvider;
import dev.slipway.sandbox.provider.FakeProvider.Trouble;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;

/// Files and metrics over HTTP, of sandboxes that a fake provider has.
class InsideIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String TENANT = "inside";
  private static String files;
  private static FakeProvider provider;

  @BeforeAll
  static void start() {
    provider = service().bean(FakeProvider.class);
    files = "/api/v1/sandboxes/" + runningAt("inside-1") + "/files";
  }

  @Test
  void aFileIsWrittenReadAndRemoved() {
    byte[] content = new byte[3_000_000];
    new Random(7).nextBytes(content);

    put("notes/a.bin")
        .bodyValue(content)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json(
            "{\"path\":\"/home/user/notes/a.bin\",\"size_bytes\":3000000}", JsonCompareMode.STRICT);

    byte[] read =
        client()
            .get()
            .uri(files + "?path={path}", "/home/user/notes/a.bin")
            .exchange()
            .expectStatus()
            .isOk()
            .expectHeader()
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .expectBody()
            .returnResult()
            .getResponseBody();
    assertThat(read).isEqualTo(content);
    for (int again = 0; again < 2; again++) {
      client()
          .delete()
          .uri(files + "?path={path}", "notes/a.bin")
          .exchange()
          .expectStatus()
          .isNoContent();
    }
    problem(get("notes/a.bin"), 404, "not_found");
  }

  @Test
  void aBodyThatGrowsTooLargeIsBrokenOff() {
    byte[] part = new byte[1 << 20];
    var body = Flux.range(0, 101).map(_ -> DefaultDataBufferFactory.sharedInstance.wrap(part));

    problem(put("large").body(body, DataBuffer.class).exchange(), 413, "too_large");

    problem(get("large"), 404, "not_found");
  }

  @Test
  void aBodyThatIsDeclaredTooLargeIsNotAwaited() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), service().port())) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket
          .getOutputStream()
          .write(
              """
              PUT %s?path=larger HTTP/1.1\r
              Host: localhost\r
              Authorization: Bearer %s\r
              Content-Length: 104857601\r
              \r
              """
                  .formatted(files, service().token(TENANT, Scope.SANDBOXES))
                  .getBytes(StandardCharsets.US_ASCII));

      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void aDirectoryIsListed() {
    put("/listed/a").bodyValue(new byte[3]).exchange().expectStatus().isOk();
    put("/listed/b/d").bodyValue(new byte[1]).exchange().expectStatus().isOk();
    provider.link(new ExternalId("inside-1"), "/listed/c", "/listed/a");

    client()
        .get()
        .uri(files + "/list?path=/listed&depth=1")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json(
            """
            {"items":[
              {"path":"/listed/a","type":"file","size_bytes":3,"mode":420,"modified_at":"2026-01-02T03:04:05.678Z"},
              {"path":"/listed/b","type":"directory","size_bytes":0,"mode":493,"modified_at":"2026-01-02T03:04:05.678Z"},
              {"path":"/listed/c","type":"symlink","size_bytes":3,"mode":420,"modified_at":"2026-01-02T03:04:05.678Z"}],
             "next_cursor":null}
            """,
            JsonCompareMode.STRICT);
    client()
        .get()
        .uri(files + "/list?path=/listed&depth=2")
        .exchange()
        .expectBody()
        .jsonPath("$.items[*].path")
        .isEqualTo(List.of("/listed/a", "/listed/b", "/listed/b/d", "/listed/c"));
    problem(client().get().uri(files + "/list?path=/none").exchange(), 404, "not_found");
    problem(client().get().uri(files + "/list?path=/&depth=0").exchange(), 422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a\0"})
  void aPathThatIsNoneIsInvalid(String path) {
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE)) {
      problem(client().method(method).uri(files + "?path={path}", path).exchange(), 422, "invalid");
    }
  }

  @Test
  void whatAProviderRefusesHasItsCode() {
    String full = runningAt("inside-full");
    provider.trouble(new ExternalId("inside-full"), Trouble.FULL);

    problem(get("/"), 422, "invalid");
    problem(
        client()
            .put()
            .uri("/api/v1/sandboxes/" + full + "/files?path=a")
            .contentType(MediaType.APPLICATION_OCTET_STREAM)
            .bodyValue(new byte[1])
            .exchange(),
        413,
        "too_large");
    problem(client().get().uri(files).exchange(), 422, "invalid");
  }

  @Test
  void aSandboxThatIsGoneOrAwayIsToldApart() {
    String gone = running(TENANT, "inside-gone");
    String away = runningAt("inside-away");
    provider.trouble(new ExternalId("inside-away"), Trouble.AWAY);

    problem(
        client().get().uri("/api/v1/sandboxes/" + gone + "/files?path=a").exchange(),
        409,
        "illegal_state");
    problem(
        client()
            .get()
            .uri("/api/v1/sandboxes/" + away + "/files?path=a")
            .exchange()
            .expectHeader()
            .valueEquals("Retry-After", "3"),
        503,
        "unavailable");
  }

  @Test
  void whatASandboxUsesIsShown() {
    String measured = runningAt("inside-measured");
    String unmeasured = runningAt("inside-unmeasured");
    provider.trouble(new ExternalId("inside-unmeasured"), Trouble.UNMEASURED);
    for (String id : List.of("inside-measured", "inside-unmeasured")) {
      provider
          .open(provider.find(new ExternalId(id)).orElseThrow().sandbox())
          .start(Command.of("cat").withStdin())
          .close();
    }

    metrics(measured)
        .json(
            """
            {"cpu_count":2,"cpu_used_percent":12.5,"memory_total_bytes":100,"memory_used_bytes":50,
             "disk_total_bytes":200,"disk_used_bytes":60,"processes":1,"at":"2026-01-02T03:04:05.678Z"}
            """,
            JsonCompareMode.STRICT);
    metrics(unmeasured)
        .json(
            """
            {"cpu_count":null,"cpu_used_percent":null,"memory_total_bytes":null,"memory_used_bytes":null,
             "disk_total_bytes":null,"disk_used_bytes":null,"processes":1,"at":null}
            """,
            JsonCompareMode.STRICT);
  }

  private static WebTestClient.BodyContentSpec metrics(String id) {
    return client()
        .get()
        .uri("/api/v1/sandboxes/" + id + "/metrics")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  private static WebTestClient.ResponseSpec get(String path) {
    return client().get().uri(files + "?path={path}", path).exchange();
  }

  private static WebTestClient.RequestBodySpec put(String path) {
    return client()
        .put()
        .uri(files + "?path={path}", path)
        .contentType(MediaType.APPLICATION_OCTET_STREAM);
  }

  private static WebTestClient client() {
    return as(TENANT);
  }

  /// A sandbox that its provider has under this id.
  private static String runningAt(String externalId) {
    var _ = provider.put(externalId, Duration.ZERO, Map.of());
    return running(TENANT, externalId);
  }
}
