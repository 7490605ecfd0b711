package dev.slipway.pipeline.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild.Result;
import dev.slipway.pipeline.rebuild.Rebuild.Steps;
import dev.slipway.pipeline.rebuild.RebuildCut.Comparison;
import dev.slipway.pipeline.stage.Ledger;
import dev.slipway.pipeline.stage.LedgerLog;
import dev.slipway.pipeline.stage.LedgerStage;
import dev.slipway.pipeline.stage.LedgerStore;
import dev.slipway.pipeline.stage.LedgerWorld;
import dev.slipway.pipeline.stage.StageRunner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RebuildIT {
  private LedgerWorld world;
  private LedgerLog log;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
    log = world.log();
    log.tell(0, "a", 0, 200);
    log.tell(1, "b", 200, 300);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void theRowsAreWhatTheLogSaysWhileMoreRecordsComeIn() {
    runAll(LedgerStage.adding(), 200, 100);
    var enough = new AtomicBoolean();
    var traffic =
        CompletableFuture.runAsync(() -> {
          for (int number = 300; !enough.get(); number += 10) {
            log.tell(number / 10 % 2, "c" + number, number, number + 10);
          }
        });

    Result first = rebuild(LedgerStage.adding());
    Result second = rebuild(LedgerStage.adding());

    enough.set(true);
    traffic.join();
    assertEqual(first);
    assertEqual(second);
    assertThat(first.records()).isGreaterThanOrEqualTo(300);
    assertThat(second.records()).isGreaterThan(first.records());
    assertThat(shadows()).isEmpty();
  }

  @Test
  void whatWasTamperedWithIsFoundAndNothingElse() {
    log.send(log.told(1, "gone", 300, "x"));
    runAll(LedgerStage.adding(), 200, 101);
    world.execute("update ledger set entries = 't0=mallory' where name = 'b'");
    world.execute("insert into ledger (name, entries) values ('foreign', 't1=ok')");
    world.executeAsOwner("delete from ledger where name = 'gone'");

    Comparison comparison = rebuild(LedgerStage.adding()).comparison();

    assertThat(comparison.isEqual()).isFalse();
    assertThat(comparison.tables())
        .containsExactly(new TableComparison("ledger", 3, 1, 1, 1, List.of()));
    assertThat(comparison.differences())
        .containsExactly(
            new RowDifference(
                "ledger",
                "name=b",
                "entries",
                "t0=mallory",
                LedgerLog.told(200, 300, "ok").substring(0, 500)),
            new RowDifference(
                "ledger",
                "name=foreign",
                null,
                "{\"name\": \"foreign\", \"entries\": \"t1=ok\"}",
                null),
            new RowDifference(
                "ledger", "name=gone", null, null, "{\"name\": \"gone\", \"entries\": \"x=ok\"}"));
  }

  @Test
  void whatTheStageCalledDeadIsDeadInTheRebuildToo() {
    log.send(log.bare(0, "a", new byte[] {1}));
    log.send(log.told(0, "a", 300, "poison"));
    log.send(log.told(0, "a", 301, "bug"));
    log.send(log.told(0, "a", 302, "no"));
    log.send(log.typed(0, "a", 303, "ledger.untold", new byte[0]));
    runAll(LedgerStage.judging("ok"), 205, 100).stop();
    int letters = log.letters().size();
    // this build could decide it; the rows are those of a stage that could not
    LedgerStage fixed = LedgerStage.judging("fixed");

    Result result = rebuild(fixed);

    assertThat(result.comparison().tables())
        .containsExactly(new TableComparison("ledger", 2, 0, 0, 2, List.of()));
    world.execute("update ledger set entries = replace(entries, '=ok', '=fixed')");
    assertEqual(rebuild(fixed));
    assertThat(log.letters()).hasSize(letters);
  }

  @Test
  void whatAnEarlierBuildDidNotKnowIsMissingUntilAReplayAppliesIt() {
    byte[] text = "new".getBytes(StandardCharsets.UTF_8);
    log.send(log.typed(0, "c", 300, LedgerStage.TOLD_LATER, text));
    runAll(LedgerStage.judging("ok"), 201, 100).stop();
    world.execute("update ledger set entries = replace(entries, '=ok', '=later')");

    Result result = rebuild(LedgerStage.judging("later"));

    assertThat(result.comparison().tables())
        .containsExactly(new TableComparison("ledger", 2, 1, 0, 0, List.of()));
  }

  @Test
  void whoeverLosesTheShadowComparesNothingAndTheNextDropsWhatItLeft() {
    LedgerStage stage = LedgerStage.adding();
    runAll(stage, 200, 100);
    stage.states().onceBeforeCommit(_ -> cutShadow());

    assertThatThrownBy(() -> rebuild(stage)).isInstanceOf(RetryableException.class);

    assertThat(shadows()).hasSize(1);
    assertEqual(rebuild(stage));
    assertThat(shadows()).isEmpty();
  }

  @Test
  void itWaitsForTheDatabaseAndGoesOn() {
    LedgerStage stage = LedgerStage.adding();
    runAll(stage, 200, 100);
    stage.states().onceBeforeCommit(LedgerStore::cut);
    var waits = new ArrayList<RetryableException>();

    Result result = rebuild(stage, steps(_ -> {}, waits::add));

    assertEqual(result);
    assertThat(waits).hasSize(1);
    assertThat(result.records()).isEqualTo(300);
  }

  @Test
  void whatIsAwayForTooLongEndsItAndLeavesNothing() {
    LedgerStage stage = LedgerStage.adding();
    runAll(stage, 200, 100);
    stage.states().onceBeforeCommit(LedgerStore::cut);

    assertThatThrownBy(() -> rebuild(stage)).isInstanceOf(RetryableException.class);

    assertThat(shadows()).isEmpty();
  }

  @Test
  void whatAKilledProcessLeftIsDroppedByTheNext() {
    runAll(LedgerStage.adding(), 200, 100);
    world.executeAsOwner("create schema ledger_rebuild_1_0123456789ab");
    world.executeAsOwner("create table ledger_rebuild_1_0123456789ab.ledger (name text)");
    world.executeAsOwner("create schema ledger_rebuild_10_0123456789ab");

    assertEqual(rebuild(LedgerStage.adding()));

    assertThat(shadows()).containsExactly("ledger_rebuild_10_0123456789ab");
  }

  @Test
  void aSecondAtOnceIsRefusedAndDisturbsNothing() {
    runAll(LedgerStage.adding(), 200, 100);
    var refused = new AtomicBoolean();

    Result result =
        rebuild(
            LedgerStage.adding(),
            steps(
                _ -> {
                  assertThatThrownBy(() -> rebuild(LedgerStage.adding()))
                      .isInstanceOf(PermanentException.class)
                      .hasMessageContaining("another rebuild");
                  refused.set(true);
                },
                RebuildIT::giveUp));

    assertEqual(result);
    assertThat(refused).isTrue();
    assertEqual(rebuild(LedgerStage.adding()));
  }

  @Test
  void withoutTheBeginningOfTheLogItStopsAndSaysSo() throws Exception {
    runAll(LedgerStage.adding(), 200, 100);
    world
        .admin()
        .deleteRecords(Map.of(world.partition(0), RecordsToDelete.beforeOffset(5)))
        .all()
        .get();

    assertThatThrownBy(() -> rebuild(LedgerStage.adding()))
        .isInstanceOf(PermanentException.class)
        .hasMessageContaining("begins at offset 5");

    assertThat(shadows()).isEmpty();
  }

  /// A runner that has come to these offsets.
  private StageRunner<Ledger, Ledger.Input, Ledger.Added> runAll(
      LedgerStage stage, long first, long second) {
    var runner = world.run(stage);
    world.awaitNext(0, first);
    world.awaitNext(1, second);
    return runner;
  }

  private Result rebuild(LedgerStage stage) {
    return rebuild(stage, steps(_ -> {}, RebuildIT::giveUp));
  }

  private Result rebuild(LedgerStage stage, Steps steps) {
    return new Rebuild(world.database(), world.clients(), LedgerWorld.stageProperties(500))
        .verify(stage.stage(), steps);
  }

  /// @param at told how many records were folded
  private static Steps steps(Consumer<Long> at, Consumer<RetryableException> await) {
    return new Steps() {
      @Override
      public void at(int percent, long records) {
        assertThat(percent).isBetween(0, 99);
        at.accept(records);
      }

      @Override
      public void await(RetryableException failure) {
        await.accept(failure);
      }
    };
  }

  private static void giveUp(RetryableException failure) {
    throw failure;
  }

  private void cutShadow() {
    world.executeAsOwner(
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'slipway-shadow' and datname = current_database()
        """);
  }

  private static void assertEqual(Result result) {
    assertThat(result.comparison().tables()).hasSize(1).allMatch(TableComparison::isEqual);
    assertThat(result.comparison().differences()).isEmpty();
  }

  private List<String> shadows() {
    return world.query(
        "select nspname from pg_namespace where starts_with(nspname, 'ledger_rebuild_')",
        row -> Columns.required(row, "nspname", String.class));
  }
}
