package dev.slipway.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.stage.Counts;
import dev.slipway.pipeline.stage.Ledger;
import dev.slipway.pipeline.stage.LedgerLog;
import dev.slipway.pipeline.stage.LedgerStage;
import dev.slipway.pipeline.stage.LedgerStore;
import dev.slipway.pipeline.stage.LedgerWorld;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class ReplayIT {
  private LedgerWorld world;
  private LedgerLog log;
  private final List<Replayed> running = new ArrayList<>();

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
    log = world.log();
    log.tell(0, "a", 0, 10);
  }

  @AfterEach
  void close() {
    running.forEach(Replayed::stop);
    world.close();
  }

  @Test
  void everythingIsKnown() {
    log.tell(1, "b", 10, 13);
    log.send(log.bare(1, "b", new byte[] {1}));
    log.send(log.told(1, "b", 13, "poison"));
    log.send(log.told(1, "b", 14, "bug"));
    log.send(log.told(1, "b", 15, "no"));
    log.send(log.typed(1, "b", 16, "ledger.untold", new byte[0]));
    var runner = runAll(LedgerStage.adding(), 10, 8);

    ReplayView view = awaitReplay(replay(runner, all()));

    assertThat(view.state()).isEqualTo("DONE");
    assertThat(view.counts()).isEqualTo(new Counts(18, 0, 17, 1, 0, 0, 0, 0));
    assertThat(view.changed()).isZero();
    assertThat(view.progressPercent()).isEqualTo(100);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "ok"));
    assertThat(log.letters()).hasSize(3);
  }

  @Test
  void whoeverRunsItEverythingIsKnown() {
    log.send(log.bare(0, "a", new byte[] {1}));
    log.send(log.bare(1, "b", new byte[] {1}));
    var runner = runAll(LedgerStage.adding(), 11, 1);
    run(LedgerStage.adding());
    world.awaitRunning(runner.stage());

    ReplayView first = awaitReplay(replay(runner, all()));
    runner.stop();
    ReplayView second = awaitReplay(replay(runner, all()));

    var allKnown = new Counts(12, 0, 12, 0, 0, 0, 0, 0);
    assertThat(first.counts()).isEqualTo(allKnown);
    assertThat(second.counts()).isEqualTo(allKnown);
    assertThat(log.letters()).hasSize(2);
  }

  @Test
  void forcedItChangesNothingUnderTheSameBuild() {
    log.send(log.told(0, "a", 10, "poison"));
    log.send(log.told(0, "a", 11, "bug"));
    var runner = runAll(LedgerStage.judging("ok"), 12, 0);

    ReplayView view = awaitReplay(replay(runner, forced(false)));

    assertThat(view.state()).isEqualTo("DONE");
    assertThat(view.counts()).isEqualTo(new Counts(12, 0, 10, 0, 0, 0, 2, 0));
    assertThat(view.changed()).isZero();
    assertThat(log.letters()).hasSize(2);
  }

  @Test
  void forcedUnderAnotherBuildItCountsWhatWouldChangeAndWritesNothing() {
    runAll(LedgerStage.judging("ok"), 10, 0).stop();
    var runner = run(LedgerStage.judging("better"));

    ReplayView view = awaitReplay(replay(runner, forced(false)));

    assertThat(view.counts()).isEqualTo(new Counts(10, 10, 0, 0, 0, 0, 0, 0));
    assertThat(view.changed()).isEqualTo(10);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "ok"));
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(10, 10, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void forcedAndAppliedItWritesWhatChangesAndThenNothingChangesAnyMore() {
    runAll(LedgerStage.judging("ok"), 10, 0).stop();
    var runner = run(LedgerStage.judging("better"));

    ReplayView applied = awaitReplay(replay(runner, forced(true)));
    ReplayView after = awaitReplay(replay(runner, forced(false)));

    assertThat(applied.changed()).isEqualTo(10);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "better"));
    assertThat(after.changed()).isZero();
  }

  @Test
  void forcedAndAppliedItBringsBackWhatABugHadBuried() {
    log.send(log.told(0, "a", 10, "bug"));
    runAll(LedgerStage.judging("ok"), 11, 0).stop();
    assertThat(world.inbox()).contains(LedgerLog.id(10) + " dead");
    assertThat(world.query("select 1 from dead_letter", _ -> 1)).hasSize(1);
    var runner = run(LedgerStage.judging("fixed"));

    ReplayView view = awaitReplay(replay(runner, forced(true)));

    assertThat(view.counts()).isEqualTo(new Counts(11, 11, 0, 0, 0, 0, 0, 0));
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "fixed") + " bug=fixed");
    assertThat(world.inbox()).hasSize(11).allMatch(row -> row.endsWith(" applied"));
    assertThat(world.query("select 1 from dead_letter", _ -> 1)).isEmpty();
  }

  @Test
  void whatAnEarlierBuildDidNotKnowALaterOneApplies() {
    byte[] text = "new".getBytes(StandardCharsets.UTF_8);
    log.send(log.typed(0, "b", 10, LedgerStage.TOLD_LATER, text));
    runAll(LedgerStage.judging("ok"), 11, 0).stop();
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(11, 10, 0, 1, 0, 0, 0, 0));
    var runner = run(LedgerStage.judging("later"));

    ReplayView first = awaitReplay(replay(runner, all()));
    ReplayView second = awaitReplay(replay(runner, all()));

    assertThat(first.counts()).isEqualTo(new Counts(11, 1, 10, 0, 0, 0, 0, 0));
    assertThat(second.counts()).isEqualTo(new Counts(11, 0, 11, 0, 0, 0, 0, 0));
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 10, "ok"));
    assertThat(world.ledger("b")).isEqualTo("new=later");
  }

  @Test
  void itCoversTheRangeThatWasAskedFor() {
    log.tell(1, "b", 100, 104);
    var runner = runAll(LedgerStage.adding(), 10, 4);

    assertThat(seen(runner, 2L, null, 5L)).isEqualTo(3 + 2);
    assertThat(seen(runner, 8L, null, null)).isEqualTo(2);
    assertThat(seen(runner, null, null, 1_000L)).isEqualTo(14);
    assertThat(seen(runner, null, LedgerLog.TIME.plusSeconds(7), null)).isEqualTo(3 + 4);
    assertThat(seen(runner, null, LedgerLog.TIME.plusSeconds(7), 9L)).isEqualTo(2 + 4);
    assertThat(seen(runner, 50L, null, null)).isZero();
  }

  @Test
  void itsBatchIsReadAgainWhenTheDatabaseWasAway() {
    LedgerStage stage = LedgerStage.judging("ok");
    var runner = run(stage, world.database(), 3);
    world.awaitNext(0, 10);
    stage.states().onceAfterClaim(LedgerStore::cut);

    ReplayView view = awaitReplay(replay(runner, forced(false)));

    assertThat(stage.states().quiet()).isTrue();
    assertThat(view.counts()).isEqualTo(new Counts(10, 0, 10, 0, 0, 0, 0, 0));
    assertThat(view.changed()).isZero();
  }

  @Test
  void stoppedMidwayItGoesOnInAnotherRunnerAndCountsEachRecordOnce() {
    log.tell(0, "a", 10, 300);
    var runner = run(LedgerStage.adding(), world.database(), 1);
    world.awaitNext(0, 300);
    UUID id = replay(runner, all());
    await()
        .atMost(LedgerWorld.PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> replay(id).counts().seen() > 10);
    runner.stop();
    assertThat(replay(id).state()).isEqualTo("RUNNING");

    run(LedgerStage.adding());

    ReplayView view = awaitReplay(id);
    assertThat(view.state()).isEqualTo("DONE");
    assertThat(view.counts()).isEqualTo(new Counts(300, 0, 300, 0, 0, 0, 0, 0));
  }

  @Test
  void liveRecordsDoNotWaitForIt() {
    log.tell(0, "a", 10, 300);
    var runner = run(LedgerStage.adding(), world.database(), 1);
    world.awaitNext(0, 300);
    UUID id = replay(runner, all());
    await().atMost(LedgerWorld.PATIENCE).until(() -> replay(id).counts().seen() > 0);

    log.tell(0, "a", 300, 303);

    world.awaitNext(0, 303);
    assertThat(replay(id).state()).isEqualTo("RUNNING");
  }

  @Test
  void oneThatFailsAgainAndAgainDelaysNoLiveRecord() {
    LedgerStage stage = LedgerStage.judging("ok");
    var runner = runAll(stage, 10, 0);
    var failing = new FailingReplays(stage.states());
    stage.states().onceAfterClaim(failing);
    UUID id = replay(runner, forced(false));
    await().atMost(LedgerWorld.PATIENCE).until(() -> failing.failures.get() > 2);

    log.tell(0, "a", 10, 13);

    world.awaitNext(0, 13);
    assertThat(replay(id).counts().seen()).isZero();
    failing.heal();
    assertThat(awaitReplay(id).counts().seen()).isEqualTo(10);
  }

  /// Cuts the connection of every replay's transaction, and of no other.
  private static final class FailingReplays implements LedgerStore.Event {
    private final LedgerStore states;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean healed;

    private FailingReplays(LedgerStore states) {
      this.states = states;
    }

    void heal() {
      healed = true;
    }

    @Override
    public void happen(Flight flight) {
      if (healed) {
        return;
      }
      states.onceAfterClaim(this);
      if (Thread.currentThread().getName().endsWith("-replay")) {
        failures.incrementAndGet();
        LedgerStore.cut(flight);
      }
    }
  }

  @Test
  void ofATopicMadeAnewItStopsAndSaysSo() {
    var runner = runAll(LedgerStage.adding(), 10, 0);
    UUID id = replay(runner, all());
    runner.stop();
    world.execute(
        "update replay_position set topic_id = 'former', next_offset = from_offset where replay_id = '"
            + id
            + "'");
    world.execute("update replay set state = 'RUNNING' where replay_id = '" + id + "'");

    run(LedgerStage.adding());

    ReplayView view = awaitReplay(id);
    assertThat(view.state()).isEqualTo("STOPPED");
    assertThat(view.reason()).startsWith("the topic was made anew");
  }

  @Test
  void whosePositionsWereDeletedItStopsAndSaysSo() {
    log.tell(0, "a", 10, 300);
    var runner = run(LedgerStage.adding(), world.database(), 1);
    world.awaitNext(0, 300);
    UUID id = replay(runner, all());
    await().atMost(LedgerWorld.PATIENCE).until(() -> replay(id).counts().seen() > 0);

    world.executeAsOwner("delete from replay_position where replay_id = '" + id + "'");

    ReplayView view = awaitReplay(id);
    assertThat(view.state()).isEqualTo("STOPPED");
    assertThat(view.reason()).endsWith("ask for a replay again");
  }

  /// A runner that has come to these offsets.
  private Replayed runAll(LedgerStage stage, long first, long second) {
    var runner = run(stage);
    world.awaitNext(0, first);
    world.awaitNext(1, second);
    return runner;
  }

  private long seen(
      Replayed runner, @Nullable Long from, @Nullable Instant since, @Nullable Long to) {
    var request = new ReplayRequest(LedgerStage.NAME, from, since, to, false, false);
    ReplayView view = awaitReplay(replay(runner, request));
    assertThat(view.counts().known()).isEqualTo(view.counts().seen());
    return view.counts().seen();
  }

  /// A stage that runs, and its replays.
  private record Replayed(
      StageRunner<Ledger, Ledger.Input, Ledger.Added> stage, StoppableThread replays) {
    void stop() {
      replays.stop(Duration.ZERO);
      stage.stop();
    }
  }

  private Replayed run(LedgerStage stage) {
    return run(stage, world.database(), 500);
  }

  private Replayed run(LedgerStage stage, Database database, int maxBatch) {
    var runner = world.run(stage, database, maxBatch);
    var replayed = new Replayed(runner, new ReplayRunner<>(runner, Clock.systemUTC()).thread());
    replayed.replays.start();
    running.add(replayed);
    return replayed;
  }

  /// Asks for one, as the admin route does.
  private UUID replay(Replayed runner, ReplayRequest request) {
    UUID id = Ids.fresh();
    var _ =
        Replays.plan(runner.stage, request)
            .flatMap(plan ->
                world
                    .database()
                    .asApi("default", client -> Replays.create(client, id, plan, "alice")))
            .block(LedgerWorld.PATIENCE);
    return id;
  }

  private ReplayView replay(UUID id) {
    return world
        .database()
        .asApi("default", client -> Replays.find(client, id))
        .blockOptional(LedgerWorld.PATIENCE)
        .orElseThrow();
  }

  /// Waits until it has ended.
  private ReplayView awaitReplay(UUID id) {
    return await()
        .atMost(LedgerWorld.PATIENCE)
        .until(() -> replay(id), view -> !view.state().equals("RUNNING"));
  }

  private static ReplayRequest all() {
    return new ReplayRequest(LedgerStage.NAME, null, null, null, false, false);
  }

  private static ReplayRequest forced(boolean apply) {
    return new ReplayRequest(LedgerStage.NAME, null, null, null, true, apply);
  }
}
