package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.FreePorts;
import dev.slipway.embedded.KafkaServer;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A stage outlives the absence of each server it needs, and comes out as if nothing had been.
@Tag("slow")
class StageOutageIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path home;
  private final Deque<Runnable> toClose = new ArrayDeque<>();

  @AfterEach
  void close() {
    while (!toClose.isEmpty()) {
      toClose.pop().run();
    }
  }

  @Test
  void postgresHangsLongerThanATransactionMayLast() throws IOException, InterruptedException {
    PostgresServer postgres = postgres(FreePorts.find());
    LedgerWorld world = world(postgres.url(), SharedKafka.bootstrapServers());
    var runner = runToFive(world);

    signal("STOP", postgres.pid());
    world.log().tell(0, "a", 5, 10);
    await().atMost(LONG).until(() -> runner.health() == StageHealth.WAITING);
    signal("CONT", postgres.pid());

    assertUndisturbed(world, runner);
  }

  @Test
  void postgresIsGoneAndComesBack() {
    int port = FreePorts.find();
    PostgresServer postgres = postgres(port);
    LedgerWorld world = world(postgres.url(), SharedKafka.bootstrapServers());
    var runner = runToFive(world);

    postgres.close();
    world.log().tell(0, "a", 5, 10);
    await().atMost(LONG).until(() -> runner.health() == StageHealth.WAITING);
    var _ = postgres(port);

    assertUndisturbed(world, runner);
  }

  @Test
  void kafkaIsGoneAndComesBack() {
    List<Integer> ports = FreePorts.find(2);
    KafkaServer kafka = kafka(ports);
    LedgerWorld world = world(SharedPostgres.newDatabase(), kafka.bootstrapServers());
    var runner = runToFive(world);

    kafka.close();
    await().atMost(LONG).until(() -> runner.health() == StageHealth.WAITING);
    var _ = kafka(ports);
    world.log().tell(0, "a", 5, 10);

    assertUndisturbed(world, runner);
  }

  @Test
  void aLogThatWasCutAndHasGrownAgainIsReadFromItsStart() {
    List<Integer> ports = FreePorts.find(2);
    KafkaServer kafka = kafka(ports);
    LedgerWorld world = world(SharedPostgres.newDatabase(), kafka.bootstrapServers());
    runToFive(world).stop();
    kafka.close();
    var _ = kafka(ports);
    // written by another leader, under another epoch
    world.log().tell(0, "a", 5, 12);
    // as if the stage had read five more of the first leader's, which a power cut took
    world.execute("update stage_position set next_offset = 10 where partition = 0");

    world.run(LedgerStage.adding());

    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> world.ledger("a"), LedgerLog.told(0, 12, "ok")::equals);
    assertThat(world.progress(0)).isEqualTo(new Progress(12, new Counts(17, 12, 5, 0, 0, 0, 0, 0)));
  }

  private PostgresServer postgres(int port) {
    var server = PostgresServer.start(home, port, "test");
    toClose.addLast(server::close);
    return server;
  }

  private KafkaServer kafka(List<Integer> ports) {
    var server = KafkaServer.start(home, ports.getFirst(), ports.getLast());
    toClose.addLast(server::close);
    return server;
  }

  private LedgerWorld world(String databaseUrl, String bootstrapServers) {
    var world = LedgerWorld.on(databaseUrl, bootstrapServers);
    toClose.addFirst(world::close);
    return world;
  }

  private static StageRunner<?, ?, ?> runToFive(LedgerWorld world) {
    var runner = world.run(LedgerStage.adding());
    world.log().tell(0, "a", 0, 5);
    world.awaitNext(0, 5);
    return runner;
  }

  private static void assertUndisturbed(LedgerWorld world, StageRunner<?, ?, ?> runner) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> world.progress(0).next(), Long.valueOf(10)::equals);
    assertThat(world.progress(0)).isEqualTo(new Progress(10, new Counts(10, 10, 0, 0, 0, 0, 0, 0)));
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "ok"));
    assertThat(world.log().letters()).isEmpty();
    await().atMost(LONG).until(() -> runner.health() == StageHealth.RUNNING);
  }

  /// To the server and all its children, as `kill` to a process group does.
  private static void signal(String name, long pid) throws IOException, InterruptedException {
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    var command = new ArrayList<>(List.of("kill", "-" + name));
    Stream.concat(Stream.of(server), server.descendants())
        .map(process -> Long.toString(process.pid()))
        .forEach(command::add);
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }
}
