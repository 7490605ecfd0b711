package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// `./slipway sandbox …` on sandboxes of this machine.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class SandboxCommandIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void aSandboxIsMadeUsedShownAndEndedByItsName(Slipway slipway) throws IOException {
    JsonNode made = run(slipway, "create", "--name", "used", "--json").exited(0).json();
    assertThat(made.path("state").asString()).isEqualTo("RUNNING");
    String id = made.path("sandbox_id").asString();

    CommandResult command =
        run(slipway, "exec", "used", "--", "sh", "-c", "echo out; echo err >&2; exit 3");
    assertThat(command).isEqualTo(new CommandResult(3, "out\n", "err\n"));

    byte[] bytes = new byte[1 << 20];
    new Random(7).nextBytes(bytes);
    Path folder = slipway.scratch("files");
    Path sent = Files.write(folder.resolve("sent"), bytes);
    assertThat(run(slipway, "put", sent.toString(), "used:d/").succeeded()).contains("1048576");
    try (RunningCommand printing = begin(slipway, "exec", id, "--", "cat", "d/sent")) {
      assertThat(printing.awaitEnd(SOON).exit()).isZero();
      assertThat(printing.out()).hasBinaryContent(bytes);
    }
    Path got = folder.resolve("got");
    String _ = run(slipway, "get", id + ":/home/user/d/sent", got.toString()).succeeded();
    assertThat(got).hasBinaryContent(bytes);

    JsonNode listed = run(slipway, "list", "--name", "used", "--json").exited(0).json();
    assertThat(listed.path("items"))
        .extracting(sandbox -> sandbox.path("sandbox_id").asString())
        .containsExactly(id);
    assertThat(run(slipway, "show", "used").succeeded()).contains(id, "RUNNING");
    assertThat(run(slipway, "kill", "used").succeeded()).contains(id, "TERMINATED");
    assertThat(run(slipway, "exec", "used", "--", "true").exit()).isEqualTo(1);
  }

  @Test
  void ctrlCCancelsWhatRunsAndATimeOutEndsWithFive(Slipway slipway) {
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    String id = sandboxes.create(Map.of("name", "stopped"));
    try (RunningCommand sleeping =
        begin(slipway, "exec", "stopped", "-c", "echo begun; sleep 3600")) {
      await().atMost(SOON).until(() -> sleeping.printed().equals("begun\n"));

      Signals.interrupt(sleeping.process().toHandle());

      CommandResult ended = sleeping.awaitEnd(SOON);
      assertThat(ended.exited(130).err()).contains("cancelled");
    }
    assertThat(sandboxes.run(id, "grep -la 'sleep.36[0]0' /proc/[0-9]*/cmdline")).isEmpty();
    CommandResult late = run(slipway, "exec", "stopped", "--timeout", "1s", "--", "sleep", "600");
    assertThat(late.exited(5).err()).contains("timeout");
    assertThat(sandboxes.end(id).status()).isEqualTo(202);
  }

  private static CommandResult run(Slipway slipway, String... words) {
    try (RunningCommand running = begin(slipway, words)) {
      return running.awaitEnd(SOON);
    }
  }

  private static RunningCommand begin(Slipway slipway, String... words) {
    List<String> command =
        new ArrayList<>(List.of("sandbox", "--data-dir", slipway.data().toString(), "--quiet"));
    command.addAll(List.of(words));
    return slipway.begin(command.toArray(String[]::new));
  }
}
