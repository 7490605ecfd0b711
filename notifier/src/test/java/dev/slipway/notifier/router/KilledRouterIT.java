package dev.slipway.notifier.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A router's process ends or is paused in the middle of its work; another takes over, and whoever
/// reads committed records finds a notification of each event once.
@Tag("slow")
class KilledRouterIT {
  private static final int EVENTS = 2_000;

  private final Deque<Process> processes = new ArrayDeque<>();
  private RouterWorld world;

  @BeforeEach
  void create() {
    world = RouterWorld.create();
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    world.close();
  }

  @Test
  void killedTimeAndAgain() throws IOException, InterruptedException {
    world.merge("acme", "1001#7", 0, EVENTS);
    for (int kills = 0; kills < 3; kills++) {
      int enough = world.notifications().size() + ThreadLocalRandom.current().nextInt(20, 200);
      Process router = start();
      await().atMost(RouterWorld.PATIENCE).until(() -> world.notifications().size() >= enough);
      router.destroyForcibly().waitFor();
    }
    assertThat(world.notifications().size()).isLessThan(EVENTS);

    world.run();

    awaitEachOnce(EVENTS);
  }

  @Test
  void pausedPastTheTakeoverThenContinued() throws IOException, InterruptedException {
    Process paused = start();
    world.merge("acme", "1001#7", 0, EVENTS);
    await().atMost(RouterWorld.PATIENCE).until(() -> world.notifications().size() > 50);
    world.run();

    signal("STOP", paused);
    awaitEachOnce(EVENTS);
    signal("CONT", paused);

    world.merge("acme", "1001#7", EVENTS, EVENTS + 100);
    awaitEachOnce(EVENTS + 100);
  }

  private void awaitEachOnce(int count) {
    List<Long> expected = LongStream.range(0, count).boxed().toList();
    await()
        .atMost(RouterWorld.PATIENCE.multipliedBy(2))
        .until(() -> world.sequences("acme").size() >= count);
    assertThat(world.sequences("acme")).isEqualTo(expected);
  }

  private Process start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRouter.class.getName(),
                SharedKafka.bootstrapServers(),
                SharedRegistry.url(),
                world.clients().topicNames().prefix())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    processes.push(process);
    return process;
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertThat(status).isZero();
  }
}
