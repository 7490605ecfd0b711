package dev.slipway.locale2b.box;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BubblewrapBoxesIT {
  @TempDir Path directory;

  private BubblewrapBoxes boxes;
  private Box box;

  @BeforeEach
  void open() throws Exception {
    boxes = BubblewrapBoxes.open(directory.resolve("boxes"));
    box =
        boxes.create(
            new BoxSpec("one", Path.of(""), NetworkRules.off(), Limits.DEFAULT, List.of()));
  }

  @AfterEach
  void close() {
    boxes.close();
  }

  @Test
  void aProgramHasItsStreamsAndItsExitCode() throws Exception {
    BoxProcess process =
        box.start(
            new ProcessSpec(
                List.of("bash", "-c", "read x; echo hello $x; id >&2; env >&2; exit 3"),
                Map.of("PATH", "/usr/bin"),
                "/home/user",
                BoxUser.USER,
                true,
                null));
    process.stdin().write("you\n".getBytes(UTF_8));
    process.stdin().close();

    assertThat(new String(process.stdout().readAllBytes(), UTF_8)).isEqualTo("hello you\n");
    assertThat(new String(process.stderr().readAllBytes(), UTF_8))
        .contains("uid=1000(user) gid=1000(user) groups=1000(user)");
    assertThat(process.onExit().get()).isEqualTo(new BoxExit.Code(3));
  }
}
