package dev.slipway.locale2b.box;

import static dev.slipway.locale2b.box.TestBoxes.bash;
import static dev.slipway.locale2b.box.TestBoxes.run;
import static dev.slipway.locale2b.box.TestBoxes.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.locale2b.box.TestBoxes.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsIT {
  private static final long MIB = 1024L * 1024;
  private static final Limits SMALL = new Limits(128 * MIB, 0.5, 40, 16 * MIB);

  @TempDir Path directory;

  private Boxes boxes;
  private Box box;
  private Box other;

  @BeforeEach
  void open() throws Exception {
    boxes = TestBoxes.open(directory, NetworkSettings.DEFAULT);
    box = boxes.create(spec("one", NetworkRules.off(), SMALL));
    other = boxes.create(spec("other", NetworkRules.off(), SMALL));
  }

  @AfterEach
  void close() {
    if (boxes != null) {
      boxes.close();
    }
  }

  @Test
  void aForkBombFillsItsOwnBoxAlone() throws Exception {
    BoxProcess bomb = box.start(bash(box, BoxUser.USER, "bomb() { bomb | bomb & }; bomb; wait"));
    await().until(() -> box.usage().processes() > 20);

    assertThat(run(other, "echo fine").stdout()).isEqualTo("fine\n");
    assertThat(box.usage().processes()).isLessThanOrEqualTo(40);
    assertThat(box.isAlive()).isTrue();
    box.close();
    assertThat(bomb.onExit()).isCompleted();
  }

  @Test
  void aMemoryHogIsKilledAndItsBoxLives() throws Exception {
    Outcome hog = run(box, "exec python3 -c 'a = bytearray(400 << 20)'");

    assertThat(hog.exit()).isEqualTo(new BoxExit.Signal(9));
    assertThat(run(box, "echo fine").stdout()).isEqualTo("fine\n");
    assertThat(run(other, "echo fine").stdout()).isEqualTo("fine\n");
  }

  @Test
  void noFileGrowsLargerThanTheDisk() throws Exception {
    Outcome writer = run(box, "exec head -c 20M /dev/zero > big");

    assertThat(writer.exit()).isEqualTo(new BoxExit.Signal(25));
    assertThat(box.usage().diskUsedBytes()).isEqualTo(16 * MIB);
  }

  @Test
  void usageTellsWhatIsTaken() throws Exception {
    BoxProcess hog =
        box.start(
            bash(
                box,
                BoxUser.USER,
                "exec python3 -c 'a = b\"x\" * (50 << 20); print(1, flush=True)\nwhile True: pass'"));
    assertThat(hog.stdout().read()).isEqualTo('1');

    Usage usage = box.usage();

    assertThat(usage.cpus()).isEqualTo(0.5);
    assertThat(usage.cpuPercent()).isBetween(1.0, 200.0);
    assertThat(usage.memoryTotalBytes()).isEqualTo(128 * MIB);
    assertThat(usage.memoryUsedBytes()).isBetween(50 * MIB, 128 * MIB);
    assertThat(usage.diskTotalBytes()).isEqualTo(16 * MIB);
    assertThat(usage.processes()).isEqualTo(1);
    assertThat(other.usage().processes()).isZero();
  }

  @Test
  void withoutControlGroupsLimitsHoldProcessByProcess() throws Exception {
    try (SystemResolver resolver = new SystemResolver();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
      BoxMaker maker =
          new BoxMaker(
              Files.createDirectory(directory.resolve("apart")),
              Tools.find(Tools.PATH),
              SystemView.create(directory.resolve("view")),
              Optional.empty(),
              new Judge(resolver, NetworkSettings.DEFAULT),
              NetworkSettings.DEFAULT,
              timer);
      try (Box apart = maker.make(spec("apart", NetworkRules.off(), SMALL), () -> {})) {
        Outcome hog = run(apart, "exec python3 -c 'a = bytearray(400 << 20)'");
        // a shell would wait and try again, and then give up
        Outcome many =
            run(
                apart,
                """
                exec python3 -c '
                import os, signal
                children = []
                try:
                    while len(children) < 60:
                        child = os.fork()
                        if child == 0:
                            signal.pause()
                        children.append(child)
                except BlockingIOError:
                    pass
                print(len(children))
                for child in children:
                    os.kill(child, signal.SIGKILL)
                '
                """);

        assertThat(hog.stderr()).contains("MemoryError");
        assertThat(many.stderr()).isEmpty();
        assertThat(Integer.parseInt(many.stdout().strip())).isBetween(1, 40);
        assertThat(run(apart, "echo fine").stdout()).isEqualTo("fine\n");
        assertThat(apart.usage().memoryUsedBytes()).isPositive();
      }
    }
  }
}
