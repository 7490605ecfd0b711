package dev.slipway.sandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.sandbox.CloneRepository;
import dev.slipway.schemas.sandbox.CommitChanges;
import dev.slipway.schemas.sandbox.CreateBranch;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.PushBranch;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import dev.slipway.web.security.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What many sandboxes have lived through is read again, from their commands and from their events.
/// How long that takes stands beside each test in its report.
@Tag("slow")
@Timeout(900)
class HistoriesIT {
  private static final int SANDBOXES = Integer.getInteger("slipway.histories.sandboxes", 500);
  private static final int EVENTS_OF_EACH = 11;
  private static final int COMMANDS_OF_EACH = 4;

  /// Of every so manyth something comes into a repository, and what fails at the end.
  private static final int REPOSITORY_OF_EVERY = 5;

  private static final int REPOSITORIES = SANDBOXES / REPOSITORY_OF_EVERY;
  private static final int EVENTS_OF_A_REPOSITORY = 10;
  private static final int COMMANDS_OF_A_REPOSITORY = 5;
  private static final String PATH = "/home/user/site";
  private static final String BASE = "a".repeat(40);
  private static final GitCommit COMMIT =
      new GitCommit(
          "b".repeat(40),
          "c".repeat(40),
          BASE,
          "Change it",
          new GitAuthor("Ann", "ann@example.org"),
          Instant.parse("2026-01-02T03:04:05Z"));
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration AT_LEAST = Duration.ofMinutes(15);
  private static final int TAKEN = 500;
  private static final String TENANT = "default";

  private static TestSandboxWorker service;
  private static StageRunner<SandboxState, SandboxInput, SandboxEvent> stage;

  @BeforeAll
  @SuppressWarnings("unchecked") // there is one
  static void live() {
    service =
        TestSandboxWorker.start(SandboxWorkerConfiguration.class, "--slipway.worker.concurrency=0");
    stage = (StageRunner<SandboxState, SandboxInput, SandboxEvent>) service.bean(StageRunner.class);
    await().atMost(PATIENCE).until(() -> stage.operations().isPresent());
    List<UUID> sandboxes = Stream.generate(Ids::fresh).limit(SANDBOXES).toList();
    sandboxes.forEach(sandbox -> {
      send(sandbox, CreateSandbox.newBuilder().build());
      send(sandbox, RunCommand.newBuilder().setCommand("make").build());
      send(sandbox, RunCommand.newBuilder().setCommand("make test").build());
    });
    sandboxes.stream().limit(REPOSITORIES).forEach(HistoriesIT::sendRepository);
    work(Map.of("run_command", 2 * SANDBOXES, "push", 2 * REPOSITORIES));
    sandboxes.forEach(sandbox -> send(sandbox, TerminateSandbox.newBuilder().build()));
    work(Map.of("terminate", SANDBOXES));
  }

  private static void sendRepository(UUID sandbox) {
    send(
        sandbox,
        CloneRepository.newBuilder().setRepositoryUrl("https://github.com/acme/site").build());
    send(sandbox, CreateBranch.newBuilder().setPath(PATH).setName("work").build());
    send(sandbox, CommitChanges.newBuilder().setPath(PATH).setMessage("Change it").build());
    send(sandbox, PushBranch.newBuilder().setPath(PATH).build());
    send(sandbox, PushBranch.newBuilder().setPath("/home/user/elsewhere").build());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void rowsAreWhatTheEventsSay() {
    Rebuild.Result rebuild =
        new Rebuild(stage.database(), stage.clients(), stage.properties())
            .verify(stage.stage(), new Undisturbed());

    assertThat(rebuild.comparison().differences()).isEmpty();
    assertThat(rebuild.comparison().tables())
        .singleElement()
        .satisfies(table -> assertThat(table.rows()).isEqualTo(SANDBOXES))
        .matches(TableComparison::isEqual);
    assertThat(count("select sum(version)::bigint as n from sandbox"))
        .isEqualTo(
            (long) EVENTS_OF_EACH * SANDBOXES + (long) EVENTS_OF_A_REPOSITORY * REPOSITORIES);
  }

  @Test
  void allCommandsAreKnownWhenTheyAreReplayed() {
    JsonNode asked =
        json(
            admin()
                .post()
                .uri("/api/v1/admin/replays")
                .bodyValue(Map.of("stage", "sandbox-worker"))
                .exchange());
    String replay = asked.path("items").path(0).path("replay_id").asString();

    JsonNode done =
        await()
            .atMost(PATIENCE)
            .until(
                () -> json(admin().get().uri("/api/v1/admin/replays/{id}", replay).exchange()),
                now -> !now.path("state").asString().equals("RUNNING"));

    assertThat(done.path("state").asString()).isEqualTo("DONE");
    int commands = COMMANDS_OF_EACH * SANDBOXES + COMMANDS_OF_A_REPOSITORY * REPOSITORIES;
    assertThat(done.path("counts").path("seen").asInt()).isEqualTo(commands);
    assertThat(done.path("counts").path("known").asInt()).isEqualTo(commands);
    assertThat(count("select count(*) as n from operation")).isEqualTo(commands);
  }

  private static void send(UUID sandbox, Object command) {
    UUID _ = service.send(Ids.fresh(), TENANT, sandbox, command);
  }

  /// Makes operations as workers do, until so many of these kinds have ended.
  private static void work(Map<String, Integer> wanted) {
    var left = new HashMap<>(wanted);
    while (left.values().stream().anyMatch(count -> count > 0)) {
      List<LeasedOperation> taken =
          await()
              .atMost(PATIENCE)
              .until(() -> door().lease("test", TAKEN, TAKEN, AT_LEAST), some -> !some.isEmpty());
      assertCount(
          taken.stream()
              .filter(operation -> operation.kind().equals("run_command"))
              .map(command ->
                  door().progressed(command, new SandboxInput.CommandBegan(command.id(), "make"))));
      assertCount(taken.stream().map(HistoriesIT::outcome));
      taken.forEach(operation -> left.computeIfPresent(operation.kind(), (_, count) -> count - 1));
    }
  }

  private static void assertCount(Stream<CompletableFuture<Boolean>> told) {
    assertThat(told.toList()).allSatisfy(one -> assertThat(one.join()).isTrue());
  }

  private static CompletableFuture<Boolean> outcome(LeasedOperation operation) {
    UUID id = operation.id();
    String place = "place-" + operation.aggregate().key();
    if (operation.request().contains("elsewhere")) {
      var failure = new Failure("not_found", "Nothing was cloned there.", false);
      return door().failed(operation, failure, null, null, null);
    }
    var result = new CommandResult(0, null, 1, 0, false, 20, null);
    SandboxInput told =
        switch (operation.kind()) {
          case "create_sandbox" -> new SandboxInput.Created(id, "e2b", place);
          case "run_command" -> new SandboxInput.CommandEnded(id, result, null, false);
          case "clone" ->
              worked(
                  id, new GitResult.Cloned(PATH, "https://github.com/acme/site", "main", BASE, 1));
          case "branch" -> worked(id, new GitResult.BranchCreated(PATH, "work", BASE));
          case "commit" -> worked(id, new GitResult.Committed(PATH, COMMIT, 1, null));
          case "push" -> worked(id, new GitResult.Pushed(PATH, "work", COMMIT.sha()));
          case "terminate" -> new SandboxInput.Terminated(id, place);
          default -> throw new IllegalStateException(operation.kind());
        };
    return door().succeeded(operation, told, null, null);
  }

  private static SandboxInput worked(UUID id, GitResult result) {
    return new SandboxInput.Worked(id, result);
  }

  private static OperationDoor<SandboxInput> door() {
    return stage.operations().orElseThrow();
  }

  private static long count(String sql) {
    return stage
        .database()
        .inStage(transaction ->
            transaction.query(sql, row -> Columns.required(row, "n", Long.class)).getFirst());
  }

  private static WebTestClient admin() {
    return service.as(TENANT, Scope.ADMIN);
  }

  private static JsonNode json(WebTestClient.ResponseSpec response) {
    String body = response.expectBody(String.class).returnResult().getResponseBody();
    return JsonMapper.shared().readTree(body == null ? "" : body);
  }
}
