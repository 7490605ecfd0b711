package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.EventLog;
import dev.slipway.sandbox.command.Workplace;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.CloneRepository;
import dev.slipway.schemas.sandbox.CommitChanges;
import dev.slipway.schemas.sandbox.CreateBranch;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.PushBranch;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is sent by topic for a task, all at once: whatever becomes of it, each command comes to one
/// end, which an event tells under the command's id.
@Tag("integration")
@Timeout(180)
class TaskCommandsIT {
  private static final String PATH = "/home/user/site";
  private static final String NO_PLACE =
      "{\"match\": \"POST /v2/sandboxes\", \"kind\": \"refuse\", \"status\": 503, \"times\": 1000}";
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private static Path directory;
  private static Site site;
  private static Workplace place;
  private static EventLog log;

  private final UUID task = Ids.fresh();
  private final UUID sandbox = Ids.fresh();
  private final List<UUID> sent = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    site = new Site(directory.resolve("site"));
    var _ = site.create("site", Site.folder(directory.resolve("content"), "README.md", "hello\n"));
    place =
        new Workplace(
            Files.createDirectory(directory.resolve("place")),
            true,
            List.of(
                "--slipway.github.api-url=" + site.api(),
                "--slipway.github.token=" + Site.TOKEN,
                "--slipway.git.directory=" + directory.resolve("git")));
    log = new EventLog(place.service());
  }

  @AfterEach
  void makeRoom() {
    place.provider().fault("");
  }

  @AfterAll
  static void stop() {
    place.close();
    site.close();
  }

  /// Sends a command of the task's.
  private UUID send(Object body) {
    Context context = Context.newBuilder().setTenant("default").setTaskId(task.toString()).build();
    UUID id = place.service().send(Ids.fresh(), context, sandbox, body);
    sent.add(id);
    return id;
  }

  private UUID create(String template) {
    return send(CreateSandbox.newBuilder().setTemplate(template).build());
  }

  private UUID cloneOf(String repository) {
    return send(
        CloneRepository.newBuilder().setRepositoryUrl(site.url(repository)).setPath(PATH).build());
  }

  private UUID branch() {
    return send(new CreateBranch(PATH, "slipway/" + task));
  }

  private UUID run(String command) {
    return send(RunCommand.newBuilder().setCommand(command).setCwd(PATH).build());
  }

  private UUID commit() {
    return send(
        CommitChanges.newBuilder()
            .setPath(PATH)
            .setMessage("Change it")
            .setCommittedAt(AT)
            .build());
  }

  private UUID push() {
    return send(new PushBranch(PATH));
  }

  /// How each command that was sent has ended, in the order in which they were sent; each once,
  /// also when its sandbox has ended after them.
  private List<String> ends() {
    await().atMost(Workplace.PATIENCE).until(() -> log.ends(sandbox).keySet().containsAll(sent));
    terminate();
    await().atMost(Workplace.PATIENCE).until(() -> log.hasEnded(sandbox));
    UUID last = place.service().send(Ids.fresh(), "default", sandbox, new PushBranch(PATH));
    await().atMost(Workplace.PATIENCE).until(() -> log.ends(sandbox).containsKey(last));
    Map<UUID, List<String>> ends = log.ends(sandbox);
    return sent.stream().map(id -> String.join(", ", ends.getOrDefault(id, List.of()))).toList();
  }

  private void terminate() {
    var _ =
        place
            .service()
            .send(Ids.fresh(), "default", sandbox, TerminateSandbox.newBuilder().build());
  }

  @Test
  void whatIsAskedForAtOnceIsDoneInOrder() {
    var _ = create("base");
    var _ = cloneOf("site");
    var _ = branch();
    var _ = run("echo changed > README.md; git status --short");
    UUID commit = commit();
    UUID push = push();

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "git.cloned",
            "git.branch_created",
            "command.completed",
            "git.committed",
            "git.pushed");

    GitCommitted committed = log.end(sandbox, commit, GitCommitted.class);
    GitPushed pushed = log.end(sandbox, push, GitPushed.class);
    assertThat(pushed.getBranch()).isEqualTo("slipway/" + task);
    assertThat(Site.git(site.bare("site"), "rev-parse", pushed.getBranch()))
        .isEqualTo(committed.getSha());
    assertThat(committed.getCommittedAt()).isEqualTo(AT);
    assertThat(StandardCharsets.UTF_8.decode(committed.getPatch().duplicate()).toString())
        .contains("diff --git a/README.md b/README.md", "-hello\n+changed\n");
  }

  @Test
  void theBranchOfAnotherTaskIsRefusedAndWhatFollowsGoesOn() {
    var _ = create("base");
    var _ = cloneOf("site");
    UUID refused = send(new CreateBranch(PATH, "slipway/" + Ids.fresh()));
    var _ =
        send(
            CloneRepository.newBuilder()
                .setRepositoryUrl("https://evil.example/acme/site")
                .build());
    var _ = send(RunCommand.newBuilder().setCommand("true").setTimeoutSeconds(0).build());
    var _ = branch();

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "git.cloned",
            "sandbox.rejected validation_failed",
            "sandbox.rejected validation_failed",
            "sandbox.rejected validation_failed",
            "git.branch_created");
    assertThat(place.operation(refused.toString()).path("code").asString()).isEqualTo("not_found");
  }

  @Test
  void behindACloneThatFailsNothingIsDone() {
    var _ = create("base");
    var _ = cloneOf("nowhere");
    var _ = branch();
    var _ = run("touch /home/user/ran");
    var _ = commit();
    var _ = push();
    UUID look = send(RunCommand.newBuilder().setCommand("ls /home/user").build());

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "git.failed not_found",
            "git.failed not_found",
            "command.completed validation_failed",
            "git.failed not_found",
            "git.failed not_found",
            "command.completed");
    assertThat(place.output(look.toString(), "stdout")).isEmpty();
  }

  @Test
  void behindASandboxThatCannotBeMadeNothingIsDone() {
    place.provider().fault(NO_PLACE);
    var _ = create("no-such-template");
    var _ = cloneOf("site");
    var _ = branch();
    UUID last = run("true");
    awaitAsked(last);

    place.provider().fault("");

    assertThat(ends())
        .containsExactly(
            "sandbox.failed not_found",
            "git.failed sandbox_lost",
            "git.failed sandbox_lost",
            "command.completed sandbox_lost");
  }

  @Test
  void whatIsAskedForBeforeItsEndEndsWithTheSandbox() {
    var _ = create("base");
    var _ = cloneOf("site");
    UUID running = run("echo begun; sleep 3600");
    var _ = commit();
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> place.output(running.toString(), "stdout").equals("begun\n"));

    terminate();
    var _ = push();

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "git.cloned",
            "command.completed sandbox_lost",
            "git.failed sandbox_lost",
            "sandbox.rejected illegal_state");
  }

  private static void awaitAsked(UUID operation) {
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> place.operation(operation.toString()).has("operation_id"));
  }

  @Test
  void whatIsAskedForBeforeItIsMadeEndsWithIt() {
    place.provider().fault(NO_PLACE);
    var _ = create("base");
    var _ = cloneOf("site");
    var _ = run("true");
    terminate();
    var _ = push();

    assertThat(ends())
        .containsExactly(
            "sandbox.terminated",
            "git.failed sandbox_lost",
            "command.completed sandbox_lost",
            "sandbox.rejected illegal_state");
  }

  @Test
  void whatIsAskedForBeforeItIsLostIsToldSo() {
    var _ = create("base");
    var _ = cloneOf("site");
    UUID running = run("echo begun; sleep 3600");
    var _ = commit();
    var _ = push();
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> place.output(running.toString(), "stdout").equals("begun\n"));

    assertThat(
            place
                .service()
                .bean(SandboxProvider.class)
                .kill(new ExternalId(log.externalId(sandbox))))
        .isTrue();

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "git.cloned",
            "command.completed sandbox_lost",
            "git.failed sandbox_lost",
            "git.failed sandbox_lost");
  }

  @Test
  void ofACommandThatFailsTheLastLinesAreToldWithoutSecrets() {
    place.service().secret("default", "CANARY", "canary-4711-value");
    var _ = send(CreateSandbox.newBuilder().build());
    UUID failing =
        send(
            RunCommand.newBuilder()
                .setCommand("seq 1 30; echo \"$TOKEN\"; sleep 1; echo ä >&2; exit 3")
                .setEnvironment(Map.of("TOKEN", "secret://file/CANARY"))
                .build());
    UUID late =
        send(
            RunCommand.newBuilder()
                .setCommand("echo begun; sleep 3600")
                .setTimeoutSeconds(1)
                .build());
    UUID well = send(RunCommand.newBuilder().setCommand("echo well").build());

    assertThat(ends())
        .containsExactly(
            "sandbox.running",
            "command.completed",
            "command.completed timeout",
            "command.completed");
    assertThat(log.tail(sandbox, failing))
        .startsWith("13\n14\n")
        .endsWith("30\n*****************\nä");
    assertThat(log.tail(sandbox, late)).isEqualTo("begun");
    assertThat(log.tail(sandbox, well)).isEmpty();
  }
}
