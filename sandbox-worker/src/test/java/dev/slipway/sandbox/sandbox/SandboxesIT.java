package dev.slipway.sandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import dev.slipway.web.security.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/// Sandboxes over HTTP and by topic; outcomes are brought as a worker would.
class SandboxesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static TestSandboxWorker service;
  private static StageRunner<SandboxState, SandboxInput, SandboxEvent> stage;

  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  private static final Rebuild.Steps UNDISTURBED =
      new Rebuild.Steps() {
        @Override
        public void at(int percent, long records) {}

        @Override
        public void await(RetryableException failure) {
          throw failure;
        }
      };

  /// Of all tests, by the operation: whoever asks for some gets others' too.
  private static final Map<UUID, LeasedOperation> LEASED = new HashMap<>();

  @BeforeAll
  @SuppressWarnings("unchecked") // there is one
  static void start() {
    service =
        TestSandboxWorker.start(SandboxWorkerConfiguration.class, "--slipway.worker.concurrency=0");
    stage = (StageRunner<SandboxState, SandboxInput, SandboxEvent>) service.bean(StageRunner.class);
    await().atMost(PATIENCE).until(() -> stage.operations().isPresent());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aSandboxIsMadeUsedAndEnded() {
    String id = create("life", "{\"name\":\"box\",\"metadata\":{\"team\":\"a\"}}");
    get("life", "/api/v1/sandboxes/" + id)
        .jsonPath("$.state")
        .isEqualTo("REQUESTED")
        .jsonPath("$.runtime_seconds")
        .isEqualTo(0.0)
        .jsonPath("$.network")
        .isEqualTo("on")
        .jsonPath("$.pool")
        .isEmpty()
        .jsonPath("$.context.user_id")
        .isEqualTo("alice")
        .jsonPath("$.version")
        .isEqualTo(1);
    LeasedOperation creation = leased(id, "create_sandbox");

    succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-life"), id);

    get("life", "/api/v1/sandboxes/" + id)
        .jsonPath("$.state")
        .isEqualTo("RUNNING")
        .jsonPath("$.external_id")
        .isEqualTo("ext-life")
        .jsonPath("$.version")
        .isEqualTo(3);
    String operation = run("life", id, "{\"command\":\"make\"}");
    LeasedOperation command = leased(id, "run_command");
    assertThat(command.id()).hasToString(operation);
    var result = new CommandResult(2, null, 3, 4, false, 20);
    assertThat(
            door()
                .succeeded(
                    command,
                    new SandboxInput.CommandEnded(command.id(), result, null, false),
                    "{\"exit_code\":2}",
                    null)
                .join())
        .isTrue();
    get("life", "/api/v1/operations/" + operation)
        .jsonPath("$.state")
        .isEqualTo("SUCCEEDED")
        .jsonPath("$.result.exit_code")
        .isEqualTo(2)
        .jsonPath("$.target.sandbox_id")
        .isEqualTo(id);

    delete("life", id, 202);

    LeasedOperation end = leased(id, "terminate");
    succeed(end, new SandboxInput.Terminated(end.id(), "ext-life"), id);
    delete("life", id, 200);
    get("life", "/api/v1/sandboxes/" + id)
        .jsonPath("$.state")
        .isEqualTo("TERMINATED")
        .jsonPath("$.kill_reason")
        .isEqualTo("requested")
        .jsonPath("$.terminated_at")
        .isNotEmpty();
    assertThat(types(id))
        .containsExactly(
            "sandbox.requested",
            "sandbox.created",
            "sandbox.running",
            "operation.requested",
            "command.completed",
            "sandbox.terminating",
            "sandbox.terminated");
  }

  @Test
  void aCommandOfATopicDoesAsARequest() {
    UUID sandbox = Ids.fresh();
    UUID creation = service.send(Ids.fresh(), "topic", sandbox, CreateSandbox.newBuilder().build());
    UUID command =
        service.send(
            Ids.fresh(), "topic", sandbox, RunCommand.newBuilder().setCommand("make").build());

    awaitStatus("topic", "/api/v1/operations/" + command, 200);

    get("topic", "/api/v1/sandboxes/" + sandbox).jsonPath("$.context.user_id").isEqualTo("bob");
    LeasedOperation making = leased(sandbox.toString(), "create_sandbox");
    assertThat(making.id()).isEqualTo(creation);
    assertThat(
            door()
                .failed(
                    making, new Failure("quota_exceeded", "No free place.", true), null, null, null)
                .join())
        .isTrue();
    get("topic", "/api/v1/sandboxes/" + sandbox)
        .jsonPath("$.state")
        .isEqualTo("FAILED")
        .jsonPath("$.failure.code")
        .isEqualTo("quota_exceeded")
        .jsonPath("$.failure.at")
        .isNotEmpty();
  }

  @Test
  void aCommandThatCannotBeIsAnsweredByAnEvent() {
    UUID sandbox = Ids.fresh();

    var _ = service.send(Ids.fresh(), "refused", sandbox, TerminateSandbox.newBuilder().build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(sandbox.toString()), List.of("sandbox.rejected")::equals);

    status("refused", "/api/v1/sandboxes/" + sandbox, 404);
    var _ = service.send(Ids.fresh(), "refused", sandbox, CreateSandbox.newBuilder().build());
    awaitStatus("refused", "/api/v1/sandboxes/" + sandbox, 200);
  }

  @Test
  void aCommandForAnotherTenantsSandboxIsRejectedAsOneForNoneIs() {
    String id = create("owner", "{}");
    String none = Ids.fresh().toString();

    for (String each : List.of(id, none)) {
      UUID sandbox = UUID.fromString(each);
      for (Object wish :
          List.of(
              TerminateSandbox.newBuilder().build(),
              RunCommand.newBuilder().setCommand("make").build())) {
        UUID asked = service.send(Ids.fresh(), "thief", sandbox, wish);
        await().atMost(PATIENCE).until(() -> inbox(asked), "rejected"::equals);
      }

      assertThat(
              texts(
                  "select ce_type || ' ' || ce_sequence || ' ' || (position('not_found'::bytea in value) > 0) as v"
                      + " from outbox where tenant = 'thief' and record_key = '%s' order by outbox_id"
                          .formatted(each)))
          .containsExactly("sandbox.rejected 1 true", "sandbox.rejected 2 true");
      status("thief", "/api/v1/sandboxes/" + each, 404);
    }
    get("owner", "/api/v1/sandboxes/" + id)
        .jsonPath("$.state")
        .isEqualTo("REQUESTED")
        .jsonPath("$.version")
        .isEqualTo(1);
  }

  @Test
  void anIdIsTakenByWhoHasASandboxOfItAndNotByWhoWasRefused() {
    UUID sandbox = Ids.fresh();
    UUID asked =
        service.send(Ids.fresh(), "squatter", sandbox, TerminateSandbox.newBuilder().build());
    await().atMost(PATIENCE).until(() -> inbox(asked), "rejected"::equals);

    var _ = service.send(Ids.fresh(), "first", sandbox, CreateSandbox.newBuilder().build());
    awaitStatus("first", "/api/v1/sandboxes/" + sandbox, 200);
    UUID second =
        service.send(Ids.fresh(), "squatter", sandbox, CreateSandbox.newBuilder().build());
    await().atMost(PATIENCE).until(() -> inbox(second), "rejected"::equals);

    assertThat(
            texts(
                "select tenant || ' ' || ce_type as v from outbox where record_key = '%s' order by outbox_id"
                    .formatted(sandbox)))
        .containsExactly(
            "squatter sandbox.rejected", "first sandbox.requested", "squatter sandbox.rejected");
    status("squatter", "/api/v1/sandboxes/" + sandbox, 404);
  }

  @Test
  void anotherTenantsSandboxLooksLikeNone() {
    String id = create("owner", "{}");
    String operation = run("owner", id, "{\"command\":\"make\"}");
    String none = Ids.fresh().toString();

    for (String each : List.of(id, none)) {
      String path = "/api/v1/sandboxes/" + each;
      status("thief", path, 404);
      status("thief", path + "/files?path=/etc/hosts", 404);
      status("thief", path + "/files/list?path=/", 404);
      status("thief", path + "/metrics", 404);
      for (String verb : List.of("pause", "resume", "reset")) {
        post("thief", path + "/" + verb, "").expectStatus().isNotFound();
      }
      post("thief", path + "/extend", "{\"timeout_seconds\":60}").expectStatus().isNotFound();
      post("thief", path + "/commands", "{\"command\":\"a\"}").expectStatus().isNotFound();
      delete("thief", each, 404);
    }
    for (String each : List.of(operation, none)) {
      status("thief", "/api/v1/operations/" + each, 404);
      post("thief", "/api/v1/operations/" + each + "/cancel", "").expectStatus().isNotFound();
    }
    get("thief", "/api/v1/sandboxes").jsonPath("$.items").isEmpty();
  }

  @Test
  void ofTwoSandboxesOfOneNameOneIs() {
    String id = create("names", "{\"name\":\"one\"}");

    problem(post("names", "/api/v1/sandboxes", "{\"name\":\"one\"}"), 409, "conflict");
    UUID second = Ids.fresh();
    var _ =
        service.send(
            Ids.fresh(), "names", second, CreateSandbox.newBuilder().setName("one").build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(second.toString()), List.of("sandbox.rejected")::equals);
    var _ = create("other-names", "{\"name\":\"one\"}");

    LeasedOperation creation = leased(id, "create_sandbox");
    assertThat(
            door().failed(creation, new Failure("timeout", "Slow.", true), null, null, null).join())
        .isTrue();

    var _ = create("names", "{\"name\":\"one\"}");
  }

  @Test
  void aTakenIdIsAConflict() {
    String id = create("taken", "{}");

    var _ =
        service.send(Ids.fresh(), "taken", UUID.fromString(id), CreateSandbox.newBuilder().build());

    await()
        .atMost(PATIENCE)
        .until(() -> types(id), List.of("sandbox.requested", "sandbox.rejected")::equals);
  }

  @Test
  void valuesOutOfBoundsInARecordAreADeadLetter() {
    UUID id =
        service.send(
            Ids.fresh(),
            "bounds",
            Ids.fresh(),
            CreateSandbox.newBuilder().setTimeoutSeconds(0).build());

    await().atMost(PATIENCE).until(() -> inbox(id), "dead"::equals);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"template\":\"\"} | template",
        "{\"timeout_seconds\":86401} | timeout_seconds",
        "{\"timeout_seconds\":\"5\"} | timeout_seconds",
        "{\"metadata\":{\"a\":null}} | metadata",
        "{\"metadata\":{\"a\":1}} | metadata.a",
        "{\"network\":\"some\"} | network",
        "{\"network\":[\"a b\"]} | network",
        "{\"repository_url\":\"file:///etc\"} | repository_url",
        "{\"name\":\"Not A Label\"} | name",
        "{\"session_id\":\"1-1-1-1-1\"} | session_id",
        "{\"environment\":{\"A\":\"secret://env/PATH\"}} | environment.A",
        "{\"environment\":{\"A\":\"secret://file/theirs\"}} | environment.A",
        "{\"user_id\":\"bob\"} | user_id",
      })
  void aSandboxThatMayNotBeIsInvalid(String body, String field) {
    service.secret("other", "theirs", "theirs");

    problem(post("invalid", "/api/v1/sandboxes", body), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | command",
        "{\"command\":\"a\",\"argv\":[\"a\"]} | command",
        "{\"argv\":[]} | argv",
        "{\"argv\":[null]} | argv",
        "{\"command\":\"a\",\"cwd\":\"tmp\"} | cwd",
        "{\"command\":\"a\",\"environment\":{\"A\":\"secret://file/none\"}} | environment.A",
      })
  void aCommandThatMayNotBeIsInvalid(String body, String field) {
    String id = create("invalid", "{}");

    problem(post("invalid", "/api/v1/sandboxes/" + id + "/commands", body), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @Test
  void aSecretOfTheTenantsOwnMayBeNamed() {
    service.secret("rich", "token", "s3cret");

    String id = create("rich", "{\"environment\":{\"A\":\"secret://file/token\"}}");

    assertThat(leased(id, "create_sandbox").request()).contains("secret://file/token");
  }

  @Test
  void whatTheStateDoesNotAllowIsRefused() {
    String id = create("states", "{}");
    String path = "/api/v1/sandboxes/" + id;

    for (String verb : List.of("pause", "resume", "reset")) {
      problem(post("states", path + "/" + verb, ""), 409, "illegal_state");
    }
    problem(post("states", path + "/extend", "{\"timeout_seconds\":60}"), 409, "illegal_state");
    problem(post("states", path + "/extend", "{\"timeout_seconds\":0}"), 422, "invalid");
    problem(post("states", path + "/extend", "{}"), 422, "invalid");
    problem(as("states").get().uri(path + "/metrics").exchange(), 409, "illegal_state");
    problem(
        as("states").get().uri(path + "/files?path=/etc/hosts").exchange(), 409, "illegal_state");
  }

  @Test
  void pausedAndResumedByRequest() {
    String id = running("pauses");
    String path = "/api/v1/sandboxes/" + id;

    post("pauses", path + "/pause", "").expectStatus().isAccepted();
    LeasedOperation pause = leased(id, "pause");
    succeed(pause, new SandboxInput.Paused(pause.id()), id);
    get("pauses", path)
        .jsonPath("$.state")
        .isEqualTo("PAUSED")
        .jsonPath("$.paused_at")
        .isNotEmpty();
    problem(post("pauses", path + "/commands", "{\"command\":\"a\"}"), 409, "illegal_state");
    post("pauses", path + "/resume", "").expectStatus().isAccepted();
    LeasedOperation resume = leased(id, "resume");
    succeed(resume, new SandboxInput.Resumed(resume.id()), id);

    get("pauses", path).jsonPath("$.state").isEqualTo("RUNNING");
  }

  @Test
  void updatesOfOneSandboxAtOnceAreDoneOnceEachOneAfterTheOther() {
    String id = running("busy");
    String path = "/api/v1/sandboxes/" + id;
    int most = 50;

    // every other one is refused, which its answer says and no event
    List<Integer> statuses =
        IntStream.range(0, most)
            .mapToObj(n ->
                CompletableFuture.supplyAsync(
                    () -> status(post("busy", path + (n % 2 == 0 ? "/pause" : "/resume"), "")),
                    THREADS))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(statuses).containsOnly(202, 409);
    assertThat(statuses.stream().filter(status -> status == 202)).hasSize(most / 2);
    get("busy", path)
        .jsonPath("$.state")
        .isEqualTo("RUNNING")
        .jsonPath("$.version")
        .isEqualTo(3 + most / 2);
    assertThat(
            texts(
                "select ce_sequence::text as v from outbox where record_key = '%s' order by outbox_id"
                    .formatted(id)))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 3 + most / 2).mapToObj(Integer::toString).toList());
  }

  @Test
  void aCancelledOperationIsEndedByItsWorker() {
    String id = running("cancels");
    String operation = run("cancels", id, "{\"command\":\"sleep 3600\"}");
    String path = "/api/v1/operations/" + operation;

    post("cancels", path + "/cancel", "").expectStatus().isAccepted();
    LeasedOperation command = leased(id, "run_command");
    assertThat(command.cancelled()).isTrue();
    assertThat(
            door()
                .cancelled(
                    command,
                    new SandboxInput.CommandEnded(command.id(), null, null, true),
                    null,
                    null)
                .join())
        .isTrue();

    get("cancels", path).jsonPath("$.state").isEqualTo("CANCELLED");
    problem(post("cancels", path + "/cancel", ""), 409, "illegal_state");
  }

  @Test
  void whoPrefersToWaitIsAnsweredWhenItIsSettled() {
    var worker =
        Thread.ofVirtual()
            .start(() -> {
              String id =
                  await().atMost(PATIENCE).until(() -> newest("waits"), Optional::isPresent).get();
              LeasedOperation creation = leased(id, "create_sandbox");
              succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-waits"), id);
            });

    as("waits")
        .post()
        .uri("/api/v1/sandboxes")
        .header("Prefer", "wait=15")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{}")
        .exchange()
        .expectStatus()
        .isCreated()
        .expectHeader()
        .exists("Location")
        .expectBody()
        .jsonPath("$.state")
        .isEqualTo("RUNNING");
    assertThat(worker.isAlive()).isFalse();
    String id = newest("waits").orElseThrow();
    as("waits")
        .post()
        .uri("/api/v1/sandboxes/" + id + "/pause")
        .header("Prefer", "wait=1")
        .exchange()
        .expectStatus()
        .isAccepted()
        .expectBody()
        .jsonPath("$.state")
        .isEqualTo("QUEUED");
  }

  @Test
  void whoReadsMayWaitToo() {
    String id = create("reads", "{}");
    var worker =
        Thread.ofVirtual()
            .start(() -> {
              LeasedOperation creation = leased(id, "create_sandbox");
              succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-reads"), id);
            });

    waiting("/api/v1/sandboxes/" + id, 15).jsonPath("$.state").isEqualTo("RUNNING");

    assertThat(worker.isAlive()).isFalse();
    String command = run("reads", id, "{\"command\":\"sleep 9\",\"timeout_seconds\":60}");
    var _ = leased(id, "run_command");
    String started = JsonPath.read(body("reads", "/api/v1/operations/" + command), "$.started_at");
    waiting("/api/v1/operations/" + command, 1)
        .jsonPath("$.state")
        .isEqualTo("RUNNING")
        .jsonPath("$.deadline_at")
        .isEqualTo(Instant.parse(started).plusSeconds(60).toString());
  }

  private static WebTestClient.BodyContentSpec waiting(String path, int seconds) {
    return as("reads")
        .get()
        .uri(path)
        .header("Prefer", "wait=" + seconds)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  @Test
  void aRepetitionUnderItsKeyIsTheSameSandbox() {
    String first = keyed("keys", "k1", "{\"name\":\"keyed\"}");

    assertThat(keyed("keys", "k1", "{\"name\":\"keyed\"}")).isEqualTo(first);
    get("keys", "/api/v1/sandboxes").jsonPath("$.items.length()").isEqualTo(1);
  }

  private static String keyed(String tenant, String key, String body) {
    return idOf(
        as(tenant)
            .post()
            .uri("/api/v1/sandboxes")
            .header("Idempotency-Key", key)
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue(body)
            .exchange(),
        "$.sandbox_id");
  }

  @Test
  void listsAreFilteredAndPaged() {
    UUID task = Ids.fresh();
    String one =
        create(
            "lists",
            "{\"name\":\"one\",\"metadata\":{\"team\":\"a\",\"x.y\":\"1\"},\"task_id\":\"%s\"}"
                .formatted(task));
    String two =
        create(
            "lists",
            "{\"template\":\"python\",\"repository_url\":\"https://GitHub.com/Acme/Site.git/\"}");

    assertListed("", two, one);
    assertListed("?state=REQUESTED", two, one);
    assertListed("?state=RUNNING");
    assertListed("?name=one", one);
    assertListed("?template=python", two);
    assertListed("?task_id=" + task, one);
    assertListed("?session_id=" + task);
    assertListed("?repository=acme/site", two);
    assertListed("?repository=https://github.com/Acme/Site", two);
    assertListed("?metadata.team=a", one);
    assertListed("?metadata.x.y=1", one);
    assertListed("?metadata.team=a&metadata.x.y=2");
    String cursor = JsonPath.read(body("lists", "/api/v1/sandboxes?limit=1"), "$.next_cursor");
    assertListed("?limit=1&cursor=" + cursor, one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=NONE",
        "state=x",
        "team=a",
        "metadata=a",
        "task_id=1",
        "cursor=x",
        "limit=201",
        "name=%00"
      })
  void anUnknownFilterIsInvalid(String query) {
    problem(
        as("lists")
            .get()
            .uri("/api/v1/sandboxes?" + query.replace("%00", "{nul}"), "\0")
            .exchange(),
        422,
        "invalid");
  }

  @Test
  void routesAskForTheirScope() {
    service
        .as("scopes", Scope.TASKS)
        .get()
        .uri("/api/v1/sandboxes")
        .exchange()
        .expectStatus()
        .isForbidden();
    service
        .as("scopes", Scope.TASKS)
        .get()
        .uri("/api/v1/operations/" + Ids.fresh())
        .exchange()
        .expectStatus()
        .isForbidden();
    problem(as("scopes").get().uri("/api/v1/sandboxes/1-1-1-1-1").exchange(), 400, "malformed");
  }

  @Test
  void rowsAreWhatTheLogSays() {
    String id = running("rebuilt");
    var _ = run("rebuilt", id, "{\"command\":\"make\"}");
    UUID refused = Ids.fresh();
    var _ = service.send(Ids.fresh(), "rebuilt", refused, TerminateSandbox.newBuilder().build());
    UUID foreign =
        service.send(
            Ids.fresh(), "thief", UUID.fromString(id), TerminateSandbox.newBuilder().build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(refused.toString()), List.of("sandbox.rejected")::equals);
    await().atMost(PATIENCE).until(() -> inbox(foreign), "rejected"::equals);

    Rebuild.Result rebuild =
        new Rebuild(stage.database(), stage.clients(), stage.properties())
            .verify(stage.stage(), UNDISTURBED);

    assertThat(rebuild.comparison().differences()).isEmpty();
    assertThat(rebuild.comparison().tables())
        .singleElement()
        .satisfies(table -> assertThat(table.rows()).isGreaterThan(1))
        .matches(TableComparison::isEqual);
  }

  /// A stage looks for an id whoever has it, in each of its turns.
  @Test
  void idsAreLookedUpByAnIndexOverAllRows() {
    assertThat(
            texts(
                "select indexdef as v from pg_indexes where schemaname = current_schema and tablename = 'sandbox'"))
        .anyMatch(index -> index.endsWith("(sandbox_id)"));
  }

  private static void assertListed(String query, String... ids) {
    List<String> listed =
        JsonPath.read(body("lists", "/api/v1/sandboxes" + query), "$.items[*].sandbox_id");
    assertThat(listed).containsExactly(ids);
  }

  private static Optional<String> newest(String tenant) {
    List<String> ids =
        JsonPath.read(body(tenant, "/api/v1/sandboxes?limit=1"), "$.items[*].sandbox_id");
    return ids.stream().findFirst();
  }

  private static String running(String tenant) {
    String id = create(tenant, "{}");
    LeasedOperation creation = leased(id, "create_sandbox");
    succeed(creation, new SandboxInput.Created(creation.id(), "e2b", "ext-" + tenant), id);
    return id;
  }

  private static OperationDoor<SandboxInput> door() {
    return stage.operations().orElseThrow();
  }

  /// An operation of this sandbox, taken as a worker takes it.
  private static LeasedOperation leased(String sandbox, String kind) {
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

  private static void succeed(LeasedOperation operation, SandboxInput outcome, String sandbox) {
    assertThat(
            door()
                .succeeded(operation, outcome, "{\"sandbox_id\":\"" + sandbox + "\"}", null)
                .join())
        .isTrue();
  }

  private static List<String> types(String sandbox) {
    return texts(
        "select ce_type as v from outbox where record_key = '%s' order by outbox_id"
            .formatted(sandbox));
  }

  private static String inbox(UUID id) {
    return texts("select status::text as v from inbox where ce_id = '%s'".formatted(id)).stream()
        .findFirst()
        .orElse("");
  }

  private static List<String> texts(String sql) {
    Database database = stage.database();
    return database.inStage(
        transaction -> transaction.query(sql, row -> Columns.required(row, "v", String.class)));
  }

  private static WebTestClient as(String tenant) {
    return service.as(tenant, Scope.SANDBOXES);
  }

  private static String create(String tenant, String body) {
    return idOf(post(tenant, "/api/v1/sandboxes", body), "$.sandbox_id");
  }

  private static String run(String tenant, String sandbox, String body) {
    return idOf(post(tenant, "/api/v1/sandboxes/" + sandbox + "/commands", body), "$.operation_id");
  }

  private static String idOf(WebTestClient.ResponseSpec answer, String path) {
    var result = answer.expectStatus().isAccepted().expectBody(String.class).returnResult();
    String id = JsonPath.read(result.getResponseBody(), path);
    assertThat(String.valueOf(result.getResponseHeaders().getLocation())).endsWith("/" + id);
    return id;
  }

  private static WebTestClient.ResponseSpec post(String tenant, String path, String body) {
    var request = as(tenant).post().uri(path);
    return body.isEmpty()
        ? request.exchange()
        : request.contentType(MediaType.APPLICATION_JSON).bodyValue(body).exchange();
  }

  private static void delete(String tenant, String id, int status) {
    as(tenant).delete().uri("/api/v1/sandboxes/" + id).exchange().expectStatus().isEqualTo(status);
  }

  private static WebTestClient.BodyContentSpec problem(
      WebTestClient.ResponseSpec answer, int status, String code) {
    return answer.expectStatus().isEqualTo(status).expectBody().jsonPath("$.code").isEqualTo(code);
  }

  private static int status(WebTestClient.ResponseSpec answer) {
    return answer.expectBody().returnResult().getStatus().value();
  }

  private static void status(String tenant, String path, int status) {
    as(tenant).get().uri(path).exchange().expectStatus().isEqualTo(status);
  }

  private static void awaitStatus(String tenant, String path, int status) {
    await().atMost(PATIENCE).untilAsserted(() -> status(tenant, path, status));
  }

  private static WebTestClient.BodyContentSpec get(String tenant, String path) {
    return as(tenant).get().uri(path).exchange().expectStatus().isOk().expectBody();
  }

  private static String body(String tenant, String path) {
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
}
