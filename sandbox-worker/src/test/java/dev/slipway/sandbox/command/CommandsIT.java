package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Sandboxes and commands from the request to what comes of them, on a local provider.
@Tag("integration")
@Timeout(180)
class CommandsIT {
  /// Takes every process that the sandbox may have, as often as one becomes free, until its command
  /// is said to have ended; that takes long enough for a shell to give up that wants one.
  private static final String CROWD =
      """
      import glob, os, signal, sys, time
      until = time.monotonic() + 25
      told, teller = os.pipe()
      full, filler = os.pipe()
      def crowd():
          try:
              while os.fork():
                  pass
              os.close(teller)
              os.read(told, 1)
              os._exit(0)
          except OSError:
              pass
      if os.fork() == 0:
          signal.signal(signal.SIGTERM, signal.SIG_IGN)
          crowd()
          print("crowded", flush=True)
          os.write(filler, b"!")
          while not glob.glob("/tmp/.slipway/*/exit") and time.monotonic() < until:
              crowd()
              time.sleep(0.001)
          os._exit(0)
      os.close(teller)
      os.read(full, 1)
      time.sleep(0 if sys.argv[1] == "ends" else 3600)
      os._exit(7)
      """;

  @TempDir static Path directory;
  private static Workplace place;

  @BeforeAll
  static void start() {
    place = new Workplace(directory, true);
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  private static String code(JsonNode operation) {
    return operation.get("state").asString()
        + " "
        + operation.path("failure").path("code").asString("");
  }

  @Test
  void aCommandRunsAndItsOutputIsThere() {
    String sandbox = place.create(Map.of());

    String id =
        place.run(
            sandbox,
            Map.of(
                "command",
                "echo out $A; echo err >&2; cat; exit 3",
                "stdin",
                "in",
                "environment",
                Map.of("A", "b")));

    JsonNode operation = place.awaitEnd(id);
    assertThat(code(operation)).isEqualTo("SUCCEEDED ");
    assertThat(operation.get("result").get("exit_code").asInt()).isEqualTo(3);
    assertThat(operation.get("result").get("stdout_bytes").asInt()).isEqualTo(8);
    assertThat(place.output(id, "stdout")).isEqualTo("out b\nin");
    assertThat(place.output(id, "stderr")).isEqualTo("err\n");
    place.assertPublishedOnce(id, 8);
  }

  @Test
  void aCommandWithAPathOfItsOwnRuns() {
    String sandbox = place.create(Map.of());

    String id =
        place.run(
            sandbox,
            Map.of(
                "argv", List.of("/bin/echo", "found"), "environment", Map.of("PATH", "/nowhere")));

    assertThat(place.awaitEnd(id).get("result").get("exit_code").asInt()).isZero();
    assertThat(place.output(id, "stdout")).isEqualTo("found\n");
  }

  @Test
  void commandsOfASandboxRunOneAfterTheOther() {
    String sandbox = place.ask(Map.of());
    List<String> ids = new ArrayList<>();

    for (int i = 0; i < 3; i++) {
      ids.add(place.run(sandbox, "cat log 2>/dev/null; sleep 0.2; echo %d >> log".formatted(i)));
    }

    place.awaitEnd(ids.getLast());
    assertThat(place.output(ids.getLast(), "stdout")).isEqualTo("0\n1\n");
  }

  @Test
  void aCommandThatIsCancelledIsGoneWithAllThatItBegan() {
    String sandbox = place.create(Map.of());
    String id = place.run(sandbox, "sleep 3600 & echo begun; sleep 3600");
    place.awaitOutput(id, "begun");

    place.post("/api/v1/operations/%s/cancel".formatted(id));

    JsonNode operation = place.awaitEnd(id);
    assertThat(code(operation)).isEqualTo("CANCELLED ");
    assertThat(operation.get("result").get("stdout_bytes").asInt()).isEqualTo(6);
    String look = place.run(sandbox, "ps -eo args | grep -c '[s]leep 3600'");
    place.awaitEnd(look);
    assertThat(place.output(look, "stdout")).isEqualTo("0\n");
  }

  @Test
  void aCommandThatWaitsIsCancelledWithoutBeingBegun() {
    String sandbox = place.create(Map.of());
    String first = place.run(sandbox, "sleep 3600");
    String second = place.run(sandbox, "touch never");

    place.post("/api/v1/operations/%s/cancel".formatted(second));

    assertThat(code(place.awaitEnd(second))).isEqualTo("CANCELLED ");
    assertThat(place.operation(first).get("finished_at").isNull()).isTrue();
    place.post("/api/v1/operations/%s/cancel".formatted(first));
    place.awaitEnd(first);
    String look = place.run(sandbox, "ls never");
    assertThat(place.awaitEnd(look).get("result").get("exit_code").asInt()).isEqualTo(2);
  }

  @Test
  void aCommandWhoseTimeIsOverIsStopped() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, Map.of("command", "echo a; sleep 3600", "timeout_seconds", 1));

    JsonNode operation = place.awaitEnd(id);
    assertThat(code(operation)).isEqualTo("FAILED timeout");
    assertThat(operation.get("result").get("stdout_bytes").asInt()).isEqualTo(2);
  }

  @Test
  void aCommandThatEndsWhileItsSandboxMayHaveNoMoreProcessesHasEnded() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, Map.of("argv", List.of("python3", "-c", CROWD, "ends")));

    JsonNode operation = place.awaitEnd(id);
    assertThat(code(operation)).isEqualTo("SUCCEEDED ");
    assertThat(operation.get("result").get("exit_code").asInt()).isEqualTo(7);
    assertThat(place.output(id, "stdout")).isEqualTo("crowded\n");
  }

  @Test
  void aCommandThatLeavesNoRoomForAProcessIsStoppedWhenItsTimeIsOver() {
    String sandbox = place.create(Map.of());

    String id =
        place.run(
            sandbox,
            Map.of("argv", List.of("python3", "-c", CROWD, "stays"), "timeout_seconds", 1));

    JsonNode operation = place.awaitEnd(id);
    assertThat(code(operation)).isEqualTo("FAILED timeout");
    assertThat(operation.get("result").get("stdout_bytes").asInt()).isEqualTo(8);
  }

  @Test
  void aDirectoryThatIsNotThereIsSaid() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, Map.of("command", "true", "cwd", "/nowhere"));

    assertThat(code(place.awaitEnd(id))).isEqualTo("FAILED validation_failed");
  }

  @Test
  void aStartThatComesMuchLaterThanItsFailureBeginsNothing() {
    String sandbox = place.create(Map.of());
    CommandInSandbox command = place.commandIn(sandbox, Ids.fresh());
    var wanted =
        new CommandInSandbox.Wanted(
            List.of("touch", "/home/user/ran"),
            "/home/user/later",
            Map.of(),
            "",
            Duration.ofMinutes(1),
            1_024);
    assertThat(command.begin(wanted)).isEqualTo(new CommandInSandbox.Seen.NoDirectory());

    // the directory is there by the time at which a worker wakes up that was paused before it
    place.awaitEnd(place.run(sandbox, "mkdir /home/user/later"));

    assertThat(command.begin(wanted)).isEqualTo(new CommandInSandbox.Seen.NoDirectory());
    String look = place.run(sandbox, "ls ran");
    assertThat(place.awaitEnd(look).get("result").get("exit_code").asInt()).isEqualTo(2);
  }

  @Test
  void whoWaitsBeforeACommandBeginsGetsItsFirstOutput() throws Exception {
    String sandbox = place.create(Map.of());
    String before = place.run(sandbox, "echo before; until [ -e go ]; do sleep 0.1; done");
    place.awaitOutput(before, "before");
    String id = place.run(sandbox, "echo first");
    var first = new FutureTask<>(() -> place.awaitedOutput(id));
    Thread.ofVirtual().start(first);

    place.write(sandbox, "go");

    assertThat(first.get()).isEqualTo("first\n");
  }

  @Test
  void muchOutputIsPublishedByteForByte() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, "seq 1 400000; seq 1 200000 >&2");

    place.awaitEnd(id);
    String expected =
        IntStream.rangeClosed(1, 400_000)
            .mapToObj(i -> i + "\n")
            .collect(java.util.stream.Collectors.joining());
    assertThat(place.output(id, "stdout")).isEqualTo(expected);
    place.assertPublishedOnce(id, expected.length());
  }

  @Test
  void whatACommandPrintedIsPublishedThoughNobodyIsLeftToTellItsEnd() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, "seq 1 400000; kill -KILL \"$(cat /tmp/.slipway/*/wrapper)\"");

    JsonNode ended = place.awaitEnd(id);
    assertThat(ended.get("failure").get("code").asString()).isEqualTo("command_lost");
    assertThat(place.output(id, "stdout"))
        .isEqualTo(
            IntStream.rangeClosed(1, 400_000)
                .mapToObj(i -> i + "\n")
                .collect(java.util.stream.Collectors.joining()));
  }

  @Test
  void aSecretReachesItsCommandAloneAndComesOutMasked() {
    place.service().secret("default", "CANARY", "canary-4711-value");
    String sandbox = place.create(Map.of());

    String id =
        place.run(
            sandbox,
            Map.of(
                "command",
                "echo \"$TOKEN\"; printf canary-4711; sleep 0.3; printf '%s' -value; ps -eo args; cat"
                    + " /proc/[0-9]*/cmdline | tr '\\0' ' '; cat /tmp/.slipway/*/in; ls /tmp/.slipway/*",
                "environment",
                Map.of("TOKEN", "secret://file/CANARY")));

    place.awaitEnd(id);
    String output = place.output(id, "stdout");
    assertThat(output).startsWith("*****************\n*****************");
    assertThat(output).doesNotContain("canary-4711-value");
    String after =
        place.run(
            sandbox,
            "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; grep -r canary-4711-value /home /tmp 2>/dev/null");
    place.awaitEnd(after);
    assertThat(place.output(after, "stdout")).doesNotContain("canary-4711-value");
  }

  /// What is shown in the first connection may be half of a value that comes again.
  @Test
  void aSecretThatIsCutByALostConnectionComesOutMasked() {
    place.service().secret("default", "PERIODIC", "abab-abab");
    String sandbox = place.create(Map.of());
    String cut = "until pgrep tail; do sleep 0.1; done; sleep 0.3; pkill tail; sleep 1;";

    String id =
        place.run(
            sandbox,
            Map.of(
                "command",
                "exec 3>&1 >/dev/null; printf 'a abab-ab' >&3; %s printf 'ab b abab-abab' >&3; %s printf 'x\n' >&3"
                    .formatted(cut, cut),
                "environment",
                Map.of("TOKEN", "secret://file/PERIODIC")));

    place.awaitEnd(id);
    assertThat(place.output(id, "stdout")).isEqualTo("a ********* b *********x\n");
    place.assertPublishedOnce(id, 25);
  }

  @Test
  void aSecretOfTheWholeSandboxThatWasChangedSinceComesOutMasked() {
    place.service().secret("default", "ROTATED", "before-the-rotation");
    String sandbox = place.create(Map.of("environment", Map.of("TOKEN", "secret://file/ROTATED")));
    place.service().secret("default", "ROTATED", "after");

    String id = place.run(sandbox, "echo \"$TOKEN\"; echo after");

    place.awaitEnd(id);
    assertThat(place.output(id, "stdout")).isEqualTo("*****\n*****\n");
  }

  @Test
  void aSecretOfTheWholeSandboxThatWasTakenAwayReachesNoCommand() {
    place.service().secret("default", "TAKEN", "before-it-was-taken");
    String sandbox = place.create(Map.of("environment", Map.of("TOKEN", "secret://file/TAKEN")));
    place.service().forget("default", "TAKEN");

    String id = place.run(sandbox, "echo \"<$TOKEN>\"");

    place.awaitEnd(id);
    assertThat(place.output(id, "stdout")).isEqualTo("<>\n");
  }

  @Test
  void aSandboxThatIsEndedTakesItsCommandWithIt() {
    String sandbox = place.create(Map.of());
    String id = place.run(sandbox, "echo begun; sleep 3600");
    place.awaitOutput(id, "begun");

    place
        .api()
        .delete()
        .uri("/api/v1/sandboxes/{id}", sandbox)
        .exchange()
        .expectStatus()
        .isAccepted();

    assertThat(code(place.awaitEnd(id))).isEqualTo("FAILED sandbox_lost");
    place.awaitSandbox(sandbox, "TERMINATED");
    place.assertPublishedOnce(id, 6);
  }

  @Test
  void aSandboxIsPausedResumedAndReset() {
    String sandbox = place.create(Map.of());
    place.awaitEnd(place.run(sandbox, "echo a > file"));

    place.post("/api/v1/sandboxes/%s/pause".formatted(sandbox));
    place.awaitSandbox(sandbox, "PAUSED");
    place.post("/api/v1/sandboxes/%s/resume".formatted(sandbox));
    place.awaitSandbox(sandbox, "RUNNING");
    String kept = place.run(sandbox, "cat file");
    place.awaitEnd(kept);
    String before = place.sandbox(sandbox).get("external_id").asString();
    place.post("/api/v1/sandboxes/%s/reset".formatted(sandbox));
    String gone = place.run(sandbox, "cat file");

    assertThat(place.output(kept, "stdout")).isEqualTo("a\n");
    assertThat(place.awaitEnd(gone).get("result").get("exit_code").asInt()).isEqualTo(1);
    assertThat(place.sandbox(sandbox).get("external_id").asString()).isNotEqualTo(before);
    await()
        .atMost(Workplace.PATIENCE)
        .until(() -> !place.provider().list().toString().contains(before));
  }

  @Test
  void aCommandThatWaitsInAPausedSandboxGoesOnOnceItIsResumed() {
    String sandbox = place.create(Map.of());
    String first = place.run(sandbox, "sleep 1");
    place.post("/api/v1/sandboxes/%s/pause".formatted(sandbox));
    String second = place.run(sandbox, "echo went on");
    place.awaitEnd(first);
    place.awaitSandbox(sandbox, "PAUSED");

    place.post("/api/v1/sandboxes/%s/resume".formatted(sandbox));

    place.awaitEnd(second);
    assertThat(place.output(second, "stdout")).isEqualTo("went on\n");
  }

  @Test
  void aSandboxEndsWhenItsTimeIsOver() {
    String sandbox = place.create(Map.of("timeout_seconds", 1));

    place.awaitSandbox(sandbox, "TERMINATED");

    assertThat(place.sandbox(sandbox).get("kill_reason").asString()).isEqualTo("expired");
  }

  @Test
  void twentySandboxesAtOnceSeeNothingOfEachOther() {
    List<String> sandboxes = IntStream.range(0, 20).mapToObj(_ -> place.ask(Map.of())).toList();
    List<String> ids =
        IntStream.range(0, 20)
            .mapToObj(i ->
                place.run(
                    sandboxes.get(i),
                    "echo %1$d >> mine; for i in 1 2 3; do echo %1$d; sleep 0.1; done; cat mine"
                        .formatted(i)))
            .toList();

    for (int i = 0; i < ids.size(); i++) {
      place.awaitEnd(ids.get(i));
      assertThat(place.output(ids.get(i), "stdout")).isEqualTo((i + "\n").repeat(4));
    }
    sandboxes.forEach(
        sandbox -> place.api().delete().uri("/api/v1/sandboxes/{id}", sandbox).exchange());
  }

  @Test
  void bytesThatAreNoTextAreKept() {
    String sandbox = place.create(Map.of());

    String id = place.run(sandbox, "printf '\\377\\000\\303'");

    place.awaitEnd(id);
    assertThat(place.bytes(id, "stdout")).isEqualTo(new byte[] {-1, 0, (byte) 0xC3});
    assertThat(new String(place.bytes(id, "stderr"), StandardCharsets.UTF_8)).isEmpty();
  }
}
