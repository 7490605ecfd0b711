package dev.slipway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.provider.WithFakeProvider;
import dev.slipway.sandbox.sandbox.SandboxEvent;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxState;
import dev.slipway.web.security.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/// A sandbox worker of this JVM's tests, started by the first that asks and ended with the JVM.
/// Nobody does what it has to do but the tests: they lease its operations and bring the outcomes.
/// Each uses tenants of its own.
public final class SharedSandboxWorker {
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  /// By the operation: whoever asks for some gets others' too.
  private static final Map<UUID, LeasedOperation> LEASED = new HashMap<>();

  private static @Nullable TestSandboxWorker running;

  private SharedSandboxWorker() {}

  @Configuration(proxyBeanMethods = false)
  @Import({WithFakeProvider.class, OwnEventLoops.class})
  static class Lasting {}

  public static synchronized TestSandboxWorker service() {
    TestSandboxWorker found = running;
    if (found == null) {
      found = TestSandboxWorker.start(Lasting.class, "--slipway.worker.concurrency=0");
      running = found;
    }
    return found;
  }

  @SuppressWarnings("unchecked") // there is one
  public static StageRunner<SandboxState, SandboxInput, SandboxEvent> stage() {
    return (StageRunner<SandboxState, SandboxInput, SandboxEvent>)
        service().bean(StageRunner.class);
  }

  /// A sandbox that runs.
  public static String running(String tenant) {
    return running(tenant, "ext-" + tenant);
  }

  /// A sandbox that its provider has under this id.
  public static String running(String tenant, String externalId) {
    String id = createSandbox(tenant, "{}");
    LeasedOperation creation = leased(id, "create_sandbox");
    succeed(creation, new SandboxInput.Created(creation.id(), "fake", externalId), id);
    return id;
  }

  public static OperationDoor<SandboxInput> door() {
    return await()
        .atMost(PATIENCE)
        .until(() -> stage().operations(), Optional::isPresent)
        .orElseThrow();
  }

  /// An operation of this sandbox, taken as a worker takes it.
  public static LeasedOperation leased(String sandbox, String kind) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              synchronized (LEASED) {
                door()
                    .lease("test", 100, 100, Duration.ofMinutes(1))
                    .forEach(operation -> LEASED.put(operation.id(), operation));
                return LEASED.values().stream()
                    .filter(each -> each.aggregate().key().equals(sandbox))
                    .filter(each -> each.kind().equals(kind))
                    .findFirst();
              }
            },
            Optional::isPresent)
        .orElseThrow();
  }

  public static void succeed(LeasedOperation operation, SandboxInput outcome, String sandbox) {
    assertThat(
            door()
                .succeeded(operation, outcome, "{\"sandbox_id\":\"" + sandbox + "\"}", null)
                .join())
        .isTrue();
  }

  /// The events of a sandbox.
  public static List<String> types(String sandbox) {
    return texts(
        "select ce_type as v from outbox where record_key = '%s' order by outbox_id"
            .formatted(sandbox));
  }

  /// What became of a command of the topic; empty as long as nothing has.
  public static String inbox(UUID id) {
    return texts("select status::text as v from inbox where ce_id = '%s'".formatted(id)).stream()
        .findFirst()
        .orElse("");
  }

  /// The column `v` of what a query finds.
  public static List<String> texts(String sql) {
    Database database = stage().database();
    return database.inStage(
        transaction -> transaction.query(sql, row -> Columns.required(row, "v", String.class)));
  }

  /// Requests of a member of the tenant.
  public static WebTestClient as(String tenant) {
    return service().as(tenant, Scope.SANDBOXES);
  }

  /// Asks for a sandbox.
  public static String createSandbox(String tenant, String body) {
    return idOf(post(tenant, "/api/v1/sandboxes", body), "$.sandbox_id");
  }

  /// Asks for a command in a sandbox.
  public static String run(String tenant, String sandbox, String body) {
    return idOf(post(tenant, "/api/v1/sandboxes/" + sandbox + "/commands", body), "$.operation_id");
  }

  /// The id of what was accepted.
  public static String idOf(WebTestClient.ResponseSpec answer, String path) {
    var result = answer.expectStatus().isAccepted().expectBody(String.class).returnResult();
    String id = JsonPath.read(result.getResponseBody(), path);
    assertThat(String.valueOf(result.getResponseHeaders().getLocation())).endsWith("/" + id);
    return id;
  }

  public static WebTestClient.ResponseSpec post(String tenant, String path, String body) {
    var request = as(tenant).post().uri(path);
    return body.isEmpty()
        ? request.exchange()
        : request.contentType(MediaType.APPLICATION_JSON).bodyValue(body).exchange();
  }

  public static void delete(String tenant, String id, int status) {
    as(tenant).delete().uri("/api/v1/sandboxes/" + id).exchange().expectStatus().isEqualTo(status);
  }

  public static WebTestClient.BodyContentSpec problem(
      WebTestClient.ResponseSpec answer, int status, String code) {
    return answer.expectStatus().isEqualTo(status).expectBody().jsonPath("$.code").isEqualTo(code);
  }

  public static void awaitStatus(String tenant, String path, int status) {
    await().atMost(PATIENCE).untilAsserted(() -> status(tenant, path, status));
  }

  public static WebTestClient.BodyContentSpec get(String tenant, String path) {
    return as(tenant).get().uri(path).exchange().expectStatus().isOk().expectBody();
  }

  public static String body(String tenant, String path) {
    return String.valueOf(
        as(tenant)
            .get()
            .uri(path)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody());
  }

  public static int status(WebTestClient.ResponseSpec answer) {
    return answer.expectBody().returnResult().getStatus().value();
  }

  /// What a request is answered with.
  public static void status(String tenant, String path, int status) {
    as(tenant).get().uri(path).exchange().expectStatus().isEqualTo(status);
  }
}
