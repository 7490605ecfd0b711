package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.SharedSandboxWorker.PATIENCE;
import static dev.slipway.sandbox.SharedSandboxWorker.as;
import static dev.slipway.sandbox.SharedSandboxWorker.awaitStatus;
import static dev.slipway.sandbox.SharedSandboxWorker.createSandbox;
import static dev.slipway.sandbox.SharedSandboxWorker.delete;
import static dev.slipway.sandbox.SharedSandboxWorker.door;
import static dev.slipway.sandbox.SharedSandboxWorker.get;
import static dev.slipway.sandbox.SharedSandboxWorker.inbox;
import static dev.slipway.sandbox.SharedSandboxWorker.leased;
import static dev.slipway.sandbox.SharedSandboxWorker.post;
import static dev.slipway.sandbox.SharedSandboxWorker.problem;
import static dev.slipway.sandbox.SharedSandboxWorker.run;
import static dev.slipway.sandbox.SharedSandboxWorker.running;
import static dev.slipway.sandbox.SharedSandboxWorker.service;
import static dev.slipway.sandbox.SharedSandboxWorker.stage;
import static dev.slipway.sandbox.SharedSandboxWorker.status;
import static dev.slipway.sandbox.SharedSandboxWorker.succeed;
import static dev.slipway.sandbox.SharedSandboxWorker.texts;
import static dev.slipway.sandbox.SharedSandboxWorker.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Sandboxes over HTTP and by topic: what becomes of them.
class SandboxesIT {
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  @Test
  void aSandboxIsMadeUsedAndEnded() {
    String id = createSandbox("life", "{\"name\":\"box\",\"metadata\":{\"team\":\"a\"}}");
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
    var result = new CommandResult(2, null, 3, 4, false, 20, null);
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
    UUID creation =
        service().send(Ids.fresh(), "topic", sandbox, CreateSandbox.newBuilder().build());
    UUID command =
        service()
            .send(
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

    var _ = service().send(Ids.fresh(), "refused", sandbox, TerminateSandbox.newBuilder().build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(sandbox.toString()), List.of("sandbox.rejected")::equals);

    status("refused", "/api/v1/sandboxes/" + sandbox, 404);
    var _ = service().send(Ids.fresh(), "refused", sandbox, CreateSandbox.newBuilder().build());
    awaitStatus("refused", "/api/v1/sandboxes/" + sandbox, 200);
  }

  @Test
  void valuesOutOfBoundsInARecordAreAnsweredByAnEventAndHoldNothingUp() {
    UUID sandbox = Ids.fresh();
    UUID wrong =
        service()
            .send(
                Ids.fresh(),
                "bounds",
                sandbox,
                CreateSandbox.newBuilder().setTimeoutSeconds(0).build());
    var _ = service().send(Ids.fresh(), "bounds", sandbox, CreateSandbox.newBuilder().build());

    awaitStatus("bounds", "/api/v1/sandboxes/" + sandbox, 200);
    assertThat(types(sandbox.toString())).containsExactly("sandbox.rejected", "sandbox.requested");
    assertThat(inbox(wrong)).isEqualTo("rejected");
  }

  @Test
  void whatTheStateDoesNotAllowIsRefused() {
    String id = createSandbox("states", "{}");
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
  void rowsAreWhatTheLogSays() {
    String id = running("rebuilt");
    var _ = run("rebuilt", id, "{\"command\":\"make\"}");
    UUID refused = Ids.fresh();
    var _ = service().send(Ids.fresh(), "rebuilt", refused, TerminateSandbox.newBuilder().build());
    UUID foreign =
        service()
            .send(Ids.fresh(), "thief", UUID.fromString(id), TerminateSandbox.newBuilder().build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(refused.toString()), List.of("sandbox.rejected")::equals);
    await().atMost(PATIENCE).until(() -> inbox(foreign), "rejected"::equals);

    Rebuild.Result rebuild =
        new Rebuild(stage().database(), stage().clients(), stage().properties())
            .verify(stage().stage(), new Undisturbed());

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
}
