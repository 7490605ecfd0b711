package dev.slipway.sandbox.inside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
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
  private static TestSandboxWorker service;
  private static String files;
  private static FakeProvider provider;

  @Configuration(proxyBeanMethods = false)
  @Import(SandboxWorkerConfiguration.class)
  static class WithProvider {
    @Bean
    SandboxProvider provider() {
      return new FakeProvider();
    }
  }

  @BeforeAll
  static void start() {
    service = TestSandboxWorker.start(WithProvider.class, "--slipway.worker.concurrency=0");
    provider = (FakeProvider) service.bean(SandboxProvider.class);
    files = "/api/v1/sandboxes/" + running("ext-1") + "/files";
  }

  @AfterAll
  static void stop() {
    service.close();
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

    assertThat(provider.files()).doesNotContainKey("/home/user/large");
  }

  @Test
  void aBodyThatIsDeclaredTooLargeIsNotAwaited() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
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
                  .formatted(files, service.token("inside", Scope.SANDBOXES))
                  .getBytes(StandardCharsets.US_ASCII));

      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void aDirectoryIsListed() {
    client()
        .get()
        .uri(files + "/list?path=/&depth=2")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .json(
            """
            {"items":[
              {"path":"/a","type":"file","size_bytes":3,"mode":420,"modified_at":"2026-01-02T03:04:05.678Z"},
              {"path":"/b","type":"directory","size_bytes":3,"mode":420,"modified_at":"2026-01-02T03:04:05.678Z"},
              {"path":"/c","type":"symlink","size_bytes":3,"mode":420,"modified_at":"2026-01-02T03:04:05.678Z"}],
             "next_cursor":null}
            """,
            JsonCompareMode.STRICT);
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
    problem(get("/"), 422, "invalid");
    problem(put("/full/a").bodyValue(new byte[1]).exchange(), 413, "too_large");
    problem(client().get().uri(files).exchange(), 422, "invalid");
  }

  @Test
  void aSandboxThatIsGoneOrAwayIsToldApart() {
    String gone = running("ext-gone");
    String away = running("ext-away");

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
    metrics("ext-2")
        .json(
            """
            {"cpu_count":2,"cpu_used_percent":12.5,"memory_total_bytes":100,"memory_used_bytes":50,
             "disk_total_bytes":200,"disk_used_bytes":60,"processes":1,"at":"2026-01-02T03:04:05.678Z"}
            """,
            JsonCompareMode.STRICT);
    metrics("ext-new")
        .json(
            """
            {"cpu_count":null,"cpu_used_percent":null,"memory_total_bytes":null,"memory_used_bytes":null,
             "disk_total_bytes":null,"disk_used_bytes":null,"processes":1,"at":null}
            """,
            JsonCompareMode.STRICT);
  }

  private static WebTestClient.BodyContentSpec metrics(String externalId) {
    return client()
        .get()
        .uri("/api/v1/sandboxes/" + running(externalId) + "/metrics")
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

  private static void problem(WebTestClient.ResponseSpec answer, int status, String code) {
    answer.expectStatus().isEqualTo(status).expectBody().jsonPath("$.code").isEqualTo(code);
  }

  private static WebTestClient client() {
    return service.as("inside", Scope.SANDBOXES);
  }

  /// A sandbox that its provider has under this id.
  private static String running(String externalId) {
    String created =
        new String(
            Objects.requireNonNull(
                client()
                    .post()
                    .uri("/api/v1/sandboxes")
                    .exchange()
                    .expectStatus()
                    .isAccepted()
                    .expectBody()
                    .returnResult()
                    .getResponseBody()),
            StandardCharsets.UTF_8);
    String id = JsonPath.read(created, "$.sandbox_id");
    @SuppressWarnings("unchecked") // there is one
    StageRunner<?, SandboxInput, ?> stage =
        (StageRunner<?, SandboxInput, ?>) service.bean(StageRunner.class);
    OperationDoor<SandboxInput> door = stage.operations().orElseThrow();
    LeasedOperation creation =
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    door.lease("test", 10, 10, Duration.ofMinutes(1)).stream()
                        .filter(operation -> operation.aggregate().key().equals(id))
                        .findFirst(),
                Optional::isPresent)
            .orElseThrow();
    var outcome = new SandboxInput.Created(creation.id(), "fake", externalId);
    assertThat(door.succeeded(creation, outcome, null, null).join()).isTrue();
    return id;
  }
}
