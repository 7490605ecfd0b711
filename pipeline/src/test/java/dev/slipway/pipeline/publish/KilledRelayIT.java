package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.publish.InterruptedSource.Point;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A relay's process ends or is paused at each point of a turn; another takes over, and whoever
/// reads committed records finds each row and each notification once.
class KilledRelayIT {
  private final Deque<Process> processes = new ArrayDeque<>();
  private OutboxWorld world;

  @BeforeEach
  void create() {
    world = OutboxWorld.create();
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    world.close();
  }

  @Tag("slow")
  @Test
  void killedAfterTheCommitBeforeTheMark() throws IOException, InterruptedException {
    killedAt(Point.AFTER_COMMIT);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = {"AFTER_READ", "AFTER_SEND"})
  void killedBeforeTheCommit(Point point) throws IOException, InterruptedException {
    killedAt(point);
  }

  private void killedAt(Point point) throws IOException, InterruptedException {
    world.write(30);
    Process relay = startUntil(point, 10);
    int sent = point == Point.AFTER_READ ? 0 : 10;
    await().atMost(OutboxWorld.PATIENCE).until(() -> world.read("read_uncommitted").size() == sent);
    await()
        .atMost(OutboxWorld.PATIENCE)
        .until(() -> world.notifications("read_uncommitted").size() == sent);
    assertThat(world.count("published_at is not null")).isZero();

    relay.destroyForcibly().waitFor();

    world.run(10, UnaryOperator.identity());
    world.write(10);
    world.awaitMarked();
    world.assertPublishedOnce(40);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void pausedPastTheTakeoverThenContinued(Point point) throws IOException, InterruptedException {
    world.write(30);
    Process paused = startUntil(point, 10);
    var successor = world.run(10, UnaryOperator.identity());

    signal("STOP", paused);
    await().atMost(OutboxWorld.PATIENCE).until(successor::isLeader);
    world.awaitMarked();
    signal("CONT", paused);
    goOn(paused);

    world.write(10);
    world.awaitMarked();
    // the former leader has come back and waits to lead again: nothing of its turn appears
    successor.stop();
    world.write(10);
    world.awaitMarked();
    assertThat(paused.isAlive()).isTrue();
    world.assertPublishedOnce(50);
  }

  /// Starts a relay and returns when it has come to the point.
  private Process startUntil(Point point, int maxRecords) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRelay.class.getName(),
                point.name(),
                Integer.toString(maxRecords)));
    command.addAll(world.address().words());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    processes.push(process);
    BufferedReader lines = process.inputReader();
    assertThat(lines.lines().anyMatch("reached"::equals)).isTrue();
    // its log must not fill the pipe
    Thread.ofPlatform().daemon().start(() -> lines.lines().forEach(_ -> {}));
    return process;
  }

  private static void goOn(Process process) throws IOException {
    process.getOutputStream().write("go on\n".getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertThat(status).isZero();
  }
}
