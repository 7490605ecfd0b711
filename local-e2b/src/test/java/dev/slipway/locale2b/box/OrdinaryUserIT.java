package dev.slipway.locale2b.box;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OrdinaryUserIT {
  @TempDir Path directory;

  @Test
  void whoIsNotRootHasBoxesWithBothUsersToo() throws Exception {
    TestBoxes.open(directory.resolve("trial"), NetworkSettings.DEFAULT).close();
    List<String> command = new ArrayList<>();
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      // of the same files, but with no more power than anybody
      command.addAll(List.of("unshare", "--user", "--map-user=1000", "--map-group=1000"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OrdinaryUser.class.getName(),
            directory.resolve("boxes").toString()));

    Process program =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(program.getInputStream().readAllBytes(), UTF_8);

    assertThat(said.lines())
        .containsExactly("available", "user 1000 user 1 0 2", "root 0 root 1 0 2", "false");
    assertThat(program.waitFor()).isZero();
  }
}
