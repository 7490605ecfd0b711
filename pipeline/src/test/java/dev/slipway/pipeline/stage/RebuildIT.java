package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

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

    RebuildView first = awaitRebuild(rebuild());
    RebuildView second = awaitRebuild(rebuild());

    enough.set(true);
    traffic.join();
    assertEqual(first);
    assertEqual(second);
    assertThat(first.records()).isGreaterThanOrEqualTo(300);
    assertThat(second.records()).isGreaterThan(first.records());
    assertThat(first.progressPercent()).isEqualTo(100);
    assertThat(first.requestedBy()).isEqualTo("alice");
    awaitNoShadow();
  }

  @Test
  void whatWasTamperedWithIsFoundAndNothingElse() {
    log.send(log.told(1, "gone", 300, "x"));
    runAll(LedgerStage.adding(), 200, 101);
    world.execute("update ledger set entries = 't0=mallory' where name = 'b'");
    world.execute("insert into ledger (name, entries) values ('foreign', 't1=ok')");
    world.executeAsOwner("delete from ledger where name = 'gone'");

    RebuildView view = awaitRebuild(rebuild());

    assertThat(view.state()).isEqualTo("DONE");
    assertThat(view.tables()).containsExactly(new TableComparison("ledger", 3, 1, 1, 1, List.of()));
    assertThat(view.differences())
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
    world.run(LedgerStage.judging("fixed"));

    RebuildView view = awaitRebuild(rebuild());

    assertThat(view.tables()).containsExactly(new TableComparison("ledger", 2, 0, 0, 2, List.of()));
    world.execute("update ledger set entries = replace(entries, '=ok', '=fixed')");
    assertEqual(awaitRebuild(rebuild()));
    assertThat(log.letters()).hasSize(letters);
  }

  @Test
  void whatAnEarlierBuildDidNotKnowIsMissingUntilAReplayAppliesIt() {
    byte[] text = "new".getBytes(StandardCharsets.UTF_8);
    log.send(log.typed(0, "c", 300, LedgerStage.TOLD_LATER, text));
    runAll(LedgerStage.judging("ok"), 201, 100).stop();
    world.execute("update ledger set entries = replace(entries, '=ok', '=later')");
    world.run(LedgerStage.judging("later"));

    RebuildView view = awaitRebuild(rebuild());

    assertThat(view.tables()).containsExactly(new TableComparison("ledger", 2, 1, 0, 0, List.of()));
  }

  @Test
  void whoeverLosesTheShadowLeavesItAndItBeginsAgain() {
    LedgerStage stage = LedgerStage.adding();
    runAll(stage, 200, 100);
    stage
        .states()
        .onceBeforeCommit(client ->
            Mono.fromRunnable(() ->
                    world.executeAsOwner(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name = 'slipway-shadow' and datname = current_database()
                        """))
                .then(LedgerStore.cut(client)));

    RebuildView view = awaitRebuild(rebuild());

    assertEqual(view);
    assertThat(view.attempt()).isEqualTo(2);
    awaitNoShadow();
  }

  @Test
  void itWaitsForTheDatabaseAndGoesOn() {
    LedgerStage stage = LedgerStage.adding();
    runAll(stage, 200, 100);
    stage.states().onceBeforeCommit(LedgerStore::cut);

    RebuildView view = awaitRebuild(rebuild());

    assertEqual(view);
    assertThat(view.attempt()).isEqualTo(1);
    assertThat(view.records()).isEqualTo(300);
  }

  @Test
  void whatAKilledProcessLeftIsDroppedByTheNextStart() {
    world.executeAsOwner("create schema ledger_rebuild_1_0123456789ab");
    world.executeAsOwner("create table ledger_rebuild_1_0123456789ab.ledger (name text)");
    world.executeAsOwner("create schema ledger_rebuild_10_0123456789ab");

    world.run(LedgerStage.adding());

    await()
        .atMost(LedgerWorld.PATIENCE)
        .until(this::shadows, List.of("ledger_rebuild_10_0123456789ab")::equals);
  }

  @Test
  void stoppedMidwayItIsRunByTheNextProcess() {
    LedgerStage stage = LedgerStage.adding();
    var runner = runAll(stage, 200, 100);
    stage.states().onceBeforeCommit(_ -> Mono.never());
    UUID id = rebuild();
    await().atMost(LedgerWorld.PATIENCE).until(() -> stage.states().quiet());
    assertThat(find(id).state()).isEqualTo("RUNNING");

    runner.stop();
    world.run(LedgerStage.adding());

    RebuildView view = awaitRebuild(id);
    assertEqual(view);
    assertThat(view.attempt()).isEqualTo(2);
    awaitNoShadow();
  }

  @Test
  void twoProcessesRunItOnce() {
    runAll(LedgerStage.adding(), 200, 100);
    world.run(LedgerStage.adding());

    List<UUID> ids = List.of(rebuild(), rebuild(), rebuild());

    for (UUID id : ids) {
      RebuildView view = awaitRebuild(id);
      assertEqual(view);
      assertThat(view.attempt()).isEqualTo(1);
    }
  }

  @Test
  void withoutTheBeginningOfTheLogItStopsAndSaysSo() throws Exception {
    runAll(LedgerStage.adding(), 200, 100);
    world
        .admin()
        .deleteRecords(Map.of(world.partition(0), RecordsToDelete.beforeOffset(5)))
        .all()
        .get();

    RebuildView view = awaitRebuild(rebuild());

    assertThat(view.state()).isEqualTo("STOPPED");
    assertThat(view.reason()).contains("begins at offset 5");
    assertThat(view.tables()).isEmpty();
    awaitNoShadow();
  }

  @Test
  void whatNeverComesToItsEndIsGivenUp() {
    runAll(LedgerStage.adding(), 200, 100).stop();
    UUID id = rebuild();
    world.execute("update rebuild set attempt = 5 where rebuild_id = '" + id + "'");

    world.run(LedgerStage.adding());

    assertThat(awaitRebuild(id).reason()).contains("begun 5 times");
  }

  /// A runner that has come to these offsets.
  private StageRunner<String, Ledger, Ledger.Input, Ledger.Added> runAll(
      LedgerStage stage, long first, long second) {
    var runner = world.run(stage);
    world.awaitNext(0, first);
    world.awaitNext(1, second);
    return runner;
  }

  /// Asks for one, as the admin route does.
  private UUID rebuild() {
    UUID id = Ids.fresh();
    var _ =
        Blocking.answer(
            world
                .database()
                .asApi(
                    "default",
                    client ->
                        Rebuilds.create(client, id, LedgerStage.NAME, "alice").thenReturn(true)));
    return id;
  }

  private RebuildView find(UUID id) {
    return Blocking.answer(world.database().asApi("default", client -> Rebuilds.find(client, id)));
  }

  private RebuildView awaitRebuild(UUID id) {
    return await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> find(id), view -> !view.state().equals("RUNNING"));
  }

  private static void assertEqual(RebuildView view) {
    assertThat(view.state()).as("%s", view).isEqualTo("DONE");
    assertThat(view.tables()).hasSize(1).allMatch(TableComparison::isEqual);
    assertThat(view.differences()).isEmpty();
  }

  private void awaitNoShadow() {
    await().atMost(LedgerWorld.PATIENCE).until(this::shadows, List::isEmpty);
  }

  private List<String> shadows() {
    return world.query(
        "select nspname from pg_namespace where starts_with(nspname, 'ledger_rebuild_')",
        row -> Columns.required(row, "nspname", String.class));
  }
}
