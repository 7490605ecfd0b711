package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.disk.DiskProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// A stage that fails at a named point ends as an undisturbed one.
class StageFaultIT {
  private static final Progress UNDISTURBED = new Progress(5, new Counts(5, 5, 0, 0, 0, 0, 0, 0));

  private LedgerWorld world;
  private LedgerLog log;
  private LedgerStage stage;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
    log = world.log();
    stage = LedgerStage.adding();
    log.tell(0, "a", 0, 5);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void connectionCutAfterTheClaim() {
    stage.states().onceAfterClaim(LedgerStore::cut);

    world.run(stage);

    assertUndisturbed();
  }

  @Test
  void connectionCutBeforeTheCommit() {
    stage.states().onceBeforeCommit(LedgerStore::cut);

    world.run(stage);

    assertUndisturbed();
  }

  @Test
  void aDiskThatIsNearlyFullTakesNoMoreUntilThereIsRoom(@TempDir Path folder) throws IOException {
    Path data = folder.resolve("data"); // where there is nothing, nothing is free
    DiskSpace disk = DiskSpace.of(new DiskProperties(data, DataSize.ofMegabytes(1)));
    var runner = world.run(stage, world.database(world.databaseUrl(), disk), 500);
    await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.WAITING);
    assertThat(world.progress(0)).isEqualTo(new Progress(-1, Counts.NONE));

    Files.createDirectory(data);

    assertUndisturbed();
  }

  @Test
  void databaseAwayAfterTheClaim() {
    stage.states().onceAfterClaim(_ -> isAway());

    world.run(stage);

    assertUndisturbed();
  }

  @Test
  void aBugBeforeTheCommitOfABatchIsNoBugOfItsRecords() {
    stage
        .states()
        .onceBeforeCommit(_ -> {
          throw new IllegalStateException("once");
        });

    world.run(stage);

    assertUndisturbed();
  }

  @Tag("slow")
  @Test
  void theTransactionThatHangsIsTriedAgain() {
    stage.states().onceBeforeCommit(flight -> LedgerStore.sleep(flight, 30));

    world.run(stage);

    assertUndisturbed();
  }

  @Test
  void answerToTheCommitIsLost() {
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      Database throughProxy = world.database(proxy.url());
      stage.states().onceBeforeCommit(_ -> proxy.loseTheNextCommitAnswer());

      world.run(stage, throughProxy, 500);

      assertUndisturbed();
      assertThat(proxy.lost()).isEqualTo(1);
    }
  }

  @Test
  void answerToTheCommitOfADeadLetterIsLost() {
    log.send(log.told(0, "a", 5, "bug"));
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      Database throughProxy = world.database(proxy.url());
      world.run(stage, throughProxy, 500);
      world.awaitNext(0, 6);
      stage.states().onceBeforeCommit(_ -> proxy.loseTheNextCommitAnswer());

      log.send(log.told(0, "a", 6, "bug"));

      world.awaitNext(0, 7);
      await().until(() -> proxy.lost() == 1);
      log.send(log.told(0, "a", 7, "t7"));
      world.awaitNext(0, 8);
      assertThat(world.ledger("a"))
          .isEqualTo(LedgerLog.told(0, 5, "ok") + " bug=dead bug=dead t7=ok");
      assertThat(world.progress(0).counts()).isEqualTo(new Counts(8, 6, 0, 0, 0, 0, 2, 0));
      assertThat(log.letters()).hasSize(2);
    }
  }

  @Test
  void aDeadLetterIsWrittenOnceHoweverOftenItsTransactionIsTried() {
    world.run(stage);
    world.awaitNext(0, 5);
    stage.states().onceBeforeCommit(_ -> isAway());

    log.send(log.told(0, "a", 5, "bug"));

    world.awaitNext(0, 6);
    assertThat(stage.states().quiet()).isTrue();
    assertThat(log.letters()).hasSize(1);
  }

  @Test
  void privilegesThatAreMissingBuryNothing() {
    world.executeAsOwner("revoke insert on ledger from slipway_stage");
    var runner = world.run(stage);
    await().until(() -> runner.health() == StageHealth.WAITING);

    world.executeAsOwner("grant insert on ledger to slipway_stage");

    assertUndisturbed();
    await().until(() -> runner.health() == StageHealth.RUNNING);
  }

  @Tag("slow")
  @Test
  void aRunnerThatIsStoppedWhileItsTransactionHangsBuriesNothing() {
    stage.states().onceBeforeCommit(flight -> LedgerStore.sleep(flight, 3));
    var runner = world.run(stage);
    await().until(stage.states()::quiet);

    runner.stop(Duration.ZERO);

    assertThat(log.letters()).isEmpty();
    world.run(stage);
    assertUndisturbed();
  }

  private void assertUndisturbed() {
    world.awaitNext(0, 5);
    assertThat(stage.states().quiet()).isTrue();
    assertThat(world.progress(0)).isEqualTo(UNDISTURBED);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
    assertThat(world.inbox()).hasSize(5).allMatch(row -> row.endsWith(" applied"));
    assertThat(log.letters()).isEqualTo(List.of());
  }

  private static void isAway() {
    throw new RetryableException("away", Duration.ZERO, null);
  }
}
