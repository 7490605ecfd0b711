package dev.slipway.locale2b.box;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class KilledOwnerIT {
  private static final String SCRIPT =
      "trap '' TERM HUP INT; setsid sleep 7531 & echo; while true; do sleep 7531; done";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedItLeavesNoProcessAndTheNextClearsTheRest(boolean frozen) throws Exception {
    try (Boxes others = TestBoxes.open(directory.resolve("other"), NetworkSettings.DEFAULT)) {
      Box foreign = others.create(TestBoxes.spec("owned"));
      Process owner = start(frozen);
      await().until(() -> !sleepers().isEmpty());

      var _ = owner.destroyForcibly().waitFor();

      await().until(() -> sleepers().isEmpty());
      assertThat(directory.resolve("mine/boxes/owned/home")).exists();
      try (Boxes next = TestBoxes.open(directory.resolve("mine"), NetworkSettings.DEFAULT)) {
        assertThat(directory.resolve("mine/boxes/owned")).doesNotExist();
        assertThat(groups()).isEmpty();
        assertThat(TestBoxes.run(next.create(TestBoxes.spec("owned")), "ls -A").stdout()).isEmpty();
      }
      assertThat(TestBoxes.run(foreign, "echo alive").stdout()).isEqualTo("alive\n");
    }
  }

  @Test
  void aDirectoryInUseIsNotTakenFromItsOwner() throws Exception {
    Process owner = start(false);
    try {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> BubblewrapBoxes.open(directory.resolve("mine"), NetworkSettings.DEFAULT))
          .withMessageContaining("another process has its sandboxes in");
      await().until(() -> !sleepers().isEmpty());
    } finally {
      var _ = owner.destroyForcibly().waitFor();
    }
    await().until(() -> sleepers().isEmpty());
  }

  private Process start(boolean frozen) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BoxOwner.class.getName(),
                directory.resolve("mine").toString(),
                SCRIPT));
    if (frozen) {
      command.add("frozen");
    }
    Process owner =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8))) {
      assertThat(lines.lines().anyMatch("ready"::equals)).isTrue();
    }
    return owner;
  }

  private static List<Long> sleepers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith("sleep 7531"))
        .map(ProcessHandle::pid)
        .toList();
  }

  /// The control groups that the killed one's box had, as far as there are any.
  private List<Path> groups() throws IOException {
    return ControlGroups.load(directory.resolve("mine/groups"))
        .map(known -> known.of("owned").directories())
        .orElse(List.of())
        .stream()
        .filter(Files::exists)
        .toList();
  }
}
