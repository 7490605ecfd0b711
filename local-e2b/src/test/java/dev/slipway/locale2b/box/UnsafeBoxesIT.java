package dev.slipway.locale2b.box;

import static dev.slipway.locale2b.box.TestBoxes.bash;
import static dev.slipway.locale2b.box.TestBoxes.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.locale2b.box.TestBoxes.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsafeBoxesIT {
  @TempDir Path directory;

  @Test
  void programsRunInAHomeOfTheirOwn() throws Exception {
    try (Boxes boxes = UnsafeBoxes.open(directory)) {
      assertThat(boxes.unavailable()).isEmpty();
      Box box = boxes.create(TestBoxes.spec("one"));

      Outcome outcome = run(box, "echo x > ~/file; pwd; env | grep -c -i proxy; exit 3");

      Path home = directory.toRealPath().resolve("boxes/one/home");
      assertThat(outcome).isEqualTo(new Outcome(new BoxExit.Code(3), home + "\n0\n", ""));
      assertThat(home.resolve("file")).hasContent("x");
      BoxProcess cat =
          box.start(
              new ProcessSpec(
                  List.of("/bin/cat", "/home/user/file"),
                  Map.of(),
                  "/",
                  BoxUser.ROOT,
                  false,
                  null));
      assertThat(TestBoxes.finish(cat).stdout()).isEqualTo("x\n");
    }
    assertThat(directory.resolve("boxes/one")).doesNotExist();
  }

  @Test
  void closingEndsAlsoWhatHasLeftItsParent() throws Exception {
    try (Boxes boxes = UnsafeBoxes.open(directory)) {
      Box box = boxes.create(TestBoxes.spec("one"));
      BoxProcess process =
          box.start(bash(box, BoxUser.USER, "(setsid sleep 8642 &); exec sleep 8642"));
      await().until(() -> sleepers() == 2);
      box.freeze();
      box.thaw();
      assertThat(box.usage().processes()).isEqualTo(2);

      box.close();

      assertThat(process.onExit().get(10, TimeUnit.SECONDS)).isEqualTo(new BoxExit.Lost());
      await().until(() -> sleepers() == 0);
    }
  }

  private static long sleepers() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").endsWith("sleep 8642"))
        .count();
  }
}
