package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.EventLog;
import dev.slipway.schemas.Ids;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Workers are killed and paused at every point, in processes of their own: a command runs once,
/// and all that it prints is published once. Who takes over is a worker in this process.
@Tag("slow")
@Timeout(180)
class KilledWorkerIT {
  private static final String START = "POST /process.Process/Start";
  private static final String COUNTING =
      "echo run >> /home/user/runs; for i in $(seq 1 40); do echo line $i; sleep 0.1; done";
  private static final String COUNTED =
      IntStream.rangeClosed(1, 40).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

  @TempDir static Path directory;
  private static Workplace place;
  private static LocalProvider provider;
  private static Workers workers;
  private static OperationTable operations;

  @BeforeAll
  static void start() {
    place = new Workplace(directory, false);
    provider = place.provider();
    workers = place.workers();
    operations = place.operations();
  }

  @AfterEach
  void clear() {
    workers.close();
    provider.fault("");
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static void assertRanOnce(String sandbox, String operation) {
    JsonNode ended = place.awaitEnd(operation);
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(place.output(operation, "stdout")).isEqualTo(COUNTED);
    place.assertPublishedOnce(operation, COUNTED.length());
    assertThat(place.read(sandbox, "runs")).isEqualTo("run\n");
  }

  @Test
  void killedInTheMiddleOfOutputAndWhileAStartIsAnswered() {
    workers.start("first");
    List<String> sandboxes = Stream.generate(() -> place.ask(Map.of())).limit(3).toList();
    sandboxes.forEach(sandbox -> place.awaitSandbox(sandbox, "RUNNING"));
    // a command that removes what tells of it is not run again either
    String removing =
        place.run(
            sandboxes.get(0),
            "echo run >> runs; echo begun; sleep 2; rm -rf /tmp/.slipway; touch gone; sleep 3600");
    place.awaitOutput(removing, "begun");
    String counting = place.run(sandboxes.get(1), COUNTING);
    place.awaitOutput(counting, "line 5\n");
    provider.fault(
        "{\"match\": \"%s\", \"kind\": \"delay\", \"delay_ms\": 6000, \"times\": 1}"
            .formatted(START));
    int before = provider.calls(START);
    String answering = place.run(sandboxes.get(2), COUNTING);
    await().atMost(Workplace.PATIENCE).until(() -> provider.calls(START) > before);

    workers.kill();
    workers.takeOver("second");

    assertRanOnce(sandboxes.get(1), counting);
    assertRanOnce(sandboxes.get(2), answering);
    JsonNode lost = place.awaitEnd(removing);
    assertThat(lost.get("failure").get("code").asString()).isEqualTo("command_lost");
    assertThat(place.read(sandboxes.get(0), "runs")).isEqualTo("run\n");
  }

  @Test
  void killedAndTheCommandEndsBeforeAnybodyReads() {
    workers.start("first");
    String sandbox = place.create(Map.of());
    String operation =
        place.run(sandbox, COUNTING.replace("sleep 0.1", "until [ -e go ]; do sleep 0.1; done"));
    place.awaitOutput(operation, "line 1\n");

    workers.kill();
    place.write(sandbox, "go");
    CommandInSandbox command = place.commandIn(sandbox, UUID.fromString(operation));
    await()
        .atMost(Workplace.PATIENCE)
        .until(command::look, CommandInSandbox.Seen.Ended.class::isInstance);
    assertThat(place.operation(operation).get("state").asString()).isEqualTo("RUNNING");
    workers.takeOver("first"); // under its own name

    assertRanOnce(sandbox, operation);
  }

  /// One worker has published the lines before, another what came after, or nothing but the
  /// outcome.
  @Test
  void theLastLinesAreToldByWhoeverTakesOver() {
    workers.start("first");
    String sandbox = place.create(Map.of());
    String failing = "seq 1 15; until [ -e %s ]; do sleep 0.1; done; seq 16 25; exit 3";
    String half = place.run(sandbox, failing.formatted("half"));
    place.awaitOutput(half, "15\n");
    workers.kill();
    place.write(sandbox, "half");
    workers.takeOver("second");
    place.awaitEnd(half);
    workers.closeHere();
    workers.start("third");
    String all = place.run(sandbox, failing.formatted("all"));
    place.awaitOutput(all, "15\n");

    operations.whileLocked(
        all,
        () -> {
          place.write(sandbox, "all");
          await()
              .atMost(Workplace.PATIENCE)
              .until(() -> place.published(all).getLast() instanceof OutputCodec.Seen.End);
          workers.kill();
        });
    workers.takeOver("fourth");
    place.awaitEnd(all);

    String expected =
        IntStream.rangeClosed(6, 25).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    var log = new EventLog(place.service());
    for (String operation : List.of(half, all)) {
      await()
          .atMost(Workplace.PATIENCE)
          .until(() -> !log.tail(UUID.fromString(sandbox), UUID.fromString(operation)).isEmpty());
      assertThat(log.tail(UUID.fromString(sandbox), UUID.fromString(operation)))
          .isEqualTo(expected);
    }
  }

  /// It has published more than its last heartbeat tells.
  @Test
  void killedBetweenWhatIsPublishedAndTheHeartbeat() {
    workers.start("first");
    String sandbox = place.create(Map.of());
    String operation = place.run(sandbox, COUNTING);
    place.awaitOutput(operation, "line 3\n");

    operations.whileLocked(
        operation,
        () -> {
          long told = operations.noted(operation);
          place.awaitOutput(operation, "line 8\n");
          workers.kill();
          assertThat(operations.noted(operation)).isEqualTo(told);
          assertThat(place.output(operation, "stdout").length()).isGreaterThan((int) told);
        });
    workers.takeOver("second");

    assertRanOnce(sandbox, operation);
  }

  @Test
  void aCancelThatAnotherProcessTakesEndsTheCommand() {
    workers.takeOver("first");
    String sandbox = place.create(Map.of());
    String operation = place.run(sandbox, "echo begun; sleep 3600");
    place.awaitOutput(operation, "begun");

    place.post("/api/v1/operations/%s/cancel".formatted(operation));

    assertThat(place.awaitEnd(operation).get("state").asString()).isEqualTo("CANCELLED");
    String look = place.run(sandbox, "ps -eo args | grep -c '[s]leep 3600'");
    place.awaitEnd(look);
    assertThat(place.output(look, "stdout")).isEqualTo("0\n");
  }

  /// It has begun the command, and nobody was told.
  @Test
  void killedBetweenTheBeginningAndItsRecord() {
    workers.start("first");
    String sandbox = place.create(Map.of());
    provider.fault(
        "{\"match\": \"POST /process.Process/CloseStdin\", \"kind\": \"delay\", \"delay_ms\": 1000, \"times\": 1}");
    int before = provider.calls("POST /process.Process/SendInput");
    String operation = place.run(sandbox, COUNTING);
    await()
        .atMost(Workplace.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> provider.calls("POST /process.Process/SendInput") > before);

    CommandInSandbox command = place.commandIn(sandbox, UUID.fromString(operation));
    operations.whileLocked(
        operation,
        () -> {
          await()
              .atMost(Workplace.PATIENCE)
              .until(command::look, new CommandInSandbox.Seen.Running()::equals);
          workers.kill();
        });
    workers.takeOver("second");

    assertRanOnce(sandbox, operation);
  }

  @Test
  void theAnswerToTheStartIsLost() {
    workers.takeOver("first");
    String sandbox = place.create(Map.of());
    provider.fault("{\"match\": \"%s\", \"kind\": \"drop_answer\", \"times\": 1}".formatted(START));

    String operation = place.run(sandbox, COUNTING);

    assertRanOnce(sandbox, operation);
  }

  @Test
  void pausedPastTheTakeoverThenContinued() {
    Process first = workers.start("first");
    String sandbox = place.create(Map.of());
    String operation = place.run(sandbox, COUNTING.replace("0.1", "0.3"));
    place.awaitOutput(operation, "line 3\n");

    Workers.signal("STOP", first);
    workers.takeOver("second");
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> place.operation(operation).get("attempt").asInt() > 1);
    Workers.signal("CONT", first);

    assertRanOnce(sandbox, operation);
  }

  @Test
  void killedBetweenTheCreationAndItsRecord() {
    String sandbox = place.ask(Map.of());
    var killed = place.lease(sandbox);
    String made = place.make(killed);

    workers.takeOver("second");

    place.awaitSandbox(sandbox, "RUNNING");
    assertThat(place.sandbox(sandbox).get("external_id").asString()).isEqualTo(made);
  }

  @Test
  void killedBetweenTheAnswerToTheCreationAndItsRecord() {
    workers.start("first");
    int before = provider.calls("POST /v2/sandboxes");
    provider.fault(
        "{\"match\": \"POST /v2/sandboxes\", \"kind\": \"delay\", \"delay_ms\": 1000, \"times\": 1}");
    String sandbox = place.ask(Map.of());
    String operation = operations.creation(sandbox);
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> place.operation(operation).get("state").asString(), "RUNNING"::equals);

    operations.whileLocked(
        operation,
        () -> {
          await().atMost(Workplace.PATIENCE).until(() -> !provider.madeFor(sandbox).isEmpty());
          workers.kill();
        });
    List<String> made = provider.madeFor(sandbox);
    workers.takeOver("second");

    place.awaitSandbox(sandbox, "RUNNING");
    assertThat(made).containsExactly(place.sandbox(sandbox).get("external_id").asString());
    assertThat(provider.calls("POST /v2/sandboxes")).isEqualTo(before + 1);
  }

  @Test
  void ofTwoThatWereMadeForOneTheEarlierLives() {
    String sandbox = place.ask(Map.of());
    var killed = place.lease(sandbox);
    String earlier = place.make(killed);
    String later = place.make(killed);

    workers.takeOver("second");

    place.awaitSandbox(sandbox, "RUNNING");
    assertThat(place.sandbox(sandbox).get("external_id").asString()).isEqualTo(earlier);
    workers.close();
    workers.takeOver("third", "1s");
    await().atMost(Workplace.PATIENCE).until(() -> !provider.list().toString().contains(later));
  }

  @Test
  void whatIsNobodysIsEndedAndAnotherInstallationsIsNot() {
    workers.takeOver("first");
    String sandbox = place.create(Map.of());
    workers.close();
    workers.takeOver("second", "1s");
    String ours = place.sandbox(sandbox).get("external_id").asString();

    String orphan = place.make(Ids.fresh(), sandbox, place.installation());
    String nobodys = place.make(Ids.fresh(), Ids.fresh().toString(), place.installation());
    String others = place.make(Ids.fresh(), sandbox, Ids.fresh());

    await()
        .atMost(Workplace.PATIENCE)
        .until(() ->
            !provider.list().toString().contains(orphan)
                && !provider.list().toString().contains(nobodys));
    assertThat(provider.list().toString()).contains(ours, others);
    assertThat(place.sandbox(sandbox).get("state").asString()).isEqualTo("RUNNING");
  }

  @Test
  void theProviderLosesTheSandbox() {
    workers.takeOver("first");
    String sandbox = place.create(Map.of("name", "lost"));
    String operation = place.run(sandbox, COUNTING);
    place.awaitOutput(operation, "line 3\n");
    int before = provider.calls(START);

    provider.restart();

    JsonNode ended = place.awaitEnd(operation);
    assertThat(ended.get("failure").get("code").asString()).isEqualTo("sandbox_lost");
    place.awaitSandbox(sandbox, "TERMINATED");
    assertThat(place.sandbox(sandbox).get("kill_reason").asString()).isEqualTo("provider_gone");
    assertThat(before).isPositive();
    assertThat(provider.calls(START)).isZero();
    String again = place.create(Map.of("name", "lost"));
    assertThat(again).isNotEqualTo(sandbox);
  }
}
