package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.CommitInDoubtException;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.schemas.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What goes wrong at the doors, by name.
class DoorFaultsIT {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private JobWorld world;

  @BeforeEach
  void create() {
    world = new JobWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  /// Where a transaction is killed.
  enum Kill {
    AFTER_CLAIM,
    BEFORE_COMMIT,
    ANSWER_TO_COMMIT_LOST
  }

  @ParameterizedTest
  @EnumSource(Kill.class)
  void everyDoorIsUndisturbedByAKill(Kill kill) {
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      Database through = world.database(proxy.url());
      var states = JobWorld.states();
      var runner = world.run(states, through);
      UUID id = begin(runner, null);

      arm(kill, states, proxy);
      world.send(JobStage.COMMANDS, id.toString(), "work record");
      await().atMost(JobWorld.PATIENCE).until(() -> world.log(id).size() == 1 && states.isQuiet());
      arm(kill, states, proxy);
      Answer keyed =
          JobWorld.get(
              runner.request(
                  JobWorld.request(JobWorld.key("k"), JobWorld.job(id), new Told.Work("request"))));
      arm(kill, states, proxy);
      List<LeasedOperation> leased = operations(runner).lease("worker", 0, 10, LEASE);
      boolean accepted =
          operations(runner)
              .succeeded(leased.getFirst(), new Told.Worked("record"), null, null)
              .join();
      arm(kill, states, proxy);
      UUID due = Ids.fresh();
      ask(runner, due, JobWorld.key("due"), new Told.Begin(null, soon(), false));

      await().atMost(JobWorld.PATIENCE).until(() -> world.status(due), "OVER"::equals);
      assertThat(keyed.body()).isEqualTo("version 3");
      // whoever brought the outcome cannot tell a lost answer from another's outcome
      assertThat(accepted).isEqualTo(kill != Kill.ANSWER_TO_COMMIT_LOST);
      assertThat(world.log(id)).containsExactly("asked record", "asked request", "worked record");
      assertThat(world.number("select count(*) as n from operation")).isEqualTo(2);
      assertThat(world.number("select count(*) as n from outbox")).isEqualTo(1 + 2 + 2 + 1 + 2);
    }
  }

  private static void arm(
      Kill kill, FaultyStates<Job, Told, Happened> states, PostgresProxy proxy) {
    switch (kill) {
      case AFTER_CLAIM -> states.onceAfterClaim(FaultyStates::cut);
      case BEFORE_COMMIT -> states.onceBeforeCommit(FaultyStates::cut);
      case ANSWER_TO_COMMIT_LOST -> states.onceBeforeCommit(_ -> proxy.loseTheNextCommitAnswer());
    }
  }

  @Test
  void aRequestWithoutKeyIsNotRunTwiceAfterALostCommitAnswer() {
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      var states = JobWorld.states();
      var runner = world.run(states, world.database(proxy.url()));
      UUID id = begin(runner, null);
      states.onceBeforeCommit(_ -> proxy.loseTheNextCommitAnswer());

      assertThatThrownBy(() -> ask(runner, id, null, new Told.Extend(Instant.EPOCH)))
          .hasCauseInstanceOf(CommitInDoubtException.class);

      ask(runner, id, null, new Told.Note("after"));
      assertThat(world.number("select version as n from job where job_id = '" + id + "'"))
          .isEqualTo(3);
    }
  }

  @Test
  void aStaleEpochsOutcomeDoesNotShutOutTheValidOne() {
    var runner = world.run();
    UUID id = begin(runner, null);
    ask(runner, id, null, new Told.Work("it"));
    LeasedOperation stale = operations(runner).lease("paused", 0, 1, Duration.ZERO).getFirst();
    LeasedOperation valid = operations(runner).lease("second", 0, 1, LEASE).getFirst();

    CompletableFuture<Boolean> late =
        operations(runner).succeeded(stale, new Told.Worked("stale"), null, null);
    CompletableFuture<Boolean> right =
        operations(runner).succeeded(valid, new Told.Worked("valid"), null, null);

    assertThat(List.of(late.join(), right.join())).containsExactly(false, true);
    assertThat(world.log(id)).containsExactly("asked it", "worked valid");
  }

  @Test
  void aDeadlineThatWasMovedDoesNotFire() {
    var runner = world.run();
    UUID moved = Ids.fresh();
    UUID other = Ids.fresh();
    Instant late = JobStage.micros(Instant.now().plusSeconds(3_600));
    Instant first = soon();
    ask(runner, moved, null, new Told.Begin(null, late, false));
    // as if the door had read it before it was moved
    world.execute("update deadline set due_at = due_at");

    ask(runner, moved, null, new Told.Extend(first.plusSeconds(7_200)));
    ask(runner, other, null, new Told.Begin(null, first, false));

    await().atMost(JobWorld.PATIENCE).until(() -> world.status(other), "OVER"::equals);
    assertThat(world.status(moved)).isEqualTo("OPEN");
  }

  @Test
  void aDueDeadlineThatIsMovedWhileItWaitsInTheQueueIsDropped() {
    var transaction = transaction();
    UUID id = Ids.fresh();
    Instant at = JobStage.micros(Instant.parse("2026-01-01T00:00:00Z"));
    run(transaction, request(id, new Told.Begin(null, at, false)));
    run(transaction, request(id, new Told.Extend(at.plusSeconds(10))));

    run(transaction, new Ask.Due<>(JobWorld.job(id), "over", at));

    assertThat(world.status(id)).isEqualTo("OPEN");
    run(transaction, new Ask.Due<>(JobWorld.job(id), "over", at.plusSeconds(10)));
    assertThat(world.status(id)).isEqualTo("OVER");
  }

  @Test
  void aDeadlineThatIsSetToTheSameInstantOnceMoreFiresOnceMoreUnderAnIdOfItsOwn() {
    var transaction = transaction();
    UUID id = Ids.fresh();
    Instant at = JobStage.micros(Instant.parse("2026-01-01T00:00:00Z"));
    run(transaction, request(id, new Told.Begin(null, at, false)));
    run(transaction, new Ask.Due<>(JobWorld.job(id), "over", at));
    run(transaction, request(id, new Told.Extend(at)));

    run(transaction, new Ask.Due<>(JobWorld.job(id), "over", at));

    assertThat(
            world.texts("select distinct ce_id::text as v from outbox where ce_type = 'job.ended'"))
        .hasSize(2);
  }

  @Test
  void aDeadlineThatChangesNothingIsDisarmedUntilTheStateSetsItAgain() {
    var runner = world.run();
    UUID id = Ids.fresh();
    ask(runner, id, null, new Told.Begin(null, soon(), true));
    await().atMost(JobWorld.PATIENCE).until(() -> armed() == 0);

    ask(runner, id, null, new Told.Extend(JobStage.micros(Instant.now().plusSeconds(3_600))));

    assertThat(armed()).isEqualTo(1);
  }

  @Test
  void aPoisonDeadlineIsDisarmedAndOthersGoOn() {
    var runner = world.run();
    UUID poison = Ids.fresh();
    UUID good = Ids.fresh();

    ask(runner, poison, null, new Told.Begin("poison", soon(), false));
    ask(runner, good, null, new Told.Begin("good", soon(), false));

    await().atMost(JobWorld.PATIENCE).until(() -> world.status(good), "OVER"::equals);
    await().atMost(JobWorld.PATIENCE).until(() -> armed() == 0);
    assertThat(world.status(poison)).isEqualTo("OPEN");
    assertThat(world.number("select count(*) as n from deadline")).isEqualTo(1);
  }

  @Test
  void onePoisonRowOnTheOtherSideOfALinkHoldsBackNoneBesideIt() {
    var runner = world.run();
    UUID id = Ids.fresh();
    world.execute(
        """
        insert into ticket_news values
          ('default', '7', 'a'), ('default', '7', 'poison'), ('default', '7', 'z')
        """);
    ask(runner, id, null, new Told.Begin(null, null, false));

    ask(runner, id, null, new Told.Take("7"));

    world.awaitLog(id, "a", "z");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select count(*) as n from deadline") == 0);
  }

  @Test
  void aPoisonOutcomeEndsItsOperationAndTheAggregateIsTold() {
    var runner = world.run();
    UUID id = begin(runner, null);
    ask(runner, id, null, new Told.Work("it"));
    LeasedOperation leased = operations(runner).lease("worker", 0, 1, LEASE).getFirst();

    boolean accepted =
        operations(runner).succeeded(leased, new Told.Worked("poison"), null, null).join();

    assertThat(accepted).isTrue();
    assertThat(world.log(id)).containsExactly("asked it", "failed internal");
    assertThat(
            world.query(
                "select state || ' ' || failure_code as v from operation",
                row -> Columns.required(row, "v", String.class)))
        .containsExactly("FAILED internal");
  }

  @Test
  void aPoisonRequestFailsAloneAndTheOthersOfItsTurnAreAnswered() {
    var runner = world.run();
    UUID id = begin(runner, null);

    List<CompletableFuture<Answer>> answers =
        Stream.of("one", "poison", "two", "three")
            .map(text ->
                runner.request(JobWorld.request(null, JobWorld.job(id), new Told.Note(text))))
            .toList();

    assertThat(
            answers.stream().map(answer -> answer.handle((_, failure) -> failure == null).join()))
        .containsExactly(true, false, true, true);
    assertThat(world.log(id)).containsExactly("one", "two", "three");
  }

  @Test
  void twoCreatorsOfOneNameAreOneAndAConflict() {
    var one = world.run();
    var other = world.run();

    List<CompletableFuture<Answer>> answers =
        IntStream.range(0, 40)
            .mapToObj(number ->
                (number % 2 == 0 ? one : other)
                    .request(
                        JobWorld.beginning(null, new Told.Begin("name" + number / 4, null, false))))
            .toList();

    assertThat(answers.stream().map(JobWorld::get).map(Answer::body).sorted())
        .containsExactlyElementsOf(
            Stream.concat(
                    Stream.generate(() -> "conflict").limit(30),
                    Stream.generate(() -> "version 1").limit(10))
                .toList());
    assertThat(world.number("select count(*) as n from job")).isEqualTo(10);
  }

  @Test
  void twoCreatorsOfOneKeyBothSeeTheOne() {
    var one = world.run();
    var other = world.run();

    for (int round = 0; round < 10; round++) {
      UUID id = Ids.fresh();
      List<CompletableFuture<Answer>> answers =
          Stream.of(one, other)
              .map(runner ->
                  runner.request(
                      JobWorld.request(null, JobWorld.job(id), new Told.Begin(null, null, false))))
              .toList();
      assertThat(answers.stream().map(JobWorld::get).map(Answer::body))
          .containsExactly("version 1", "version 1");
    }
    assertThat(world.number("select count(*) as n from outbox")).isEqualTo(10);
  }

  @Test
  void aNameThatWasGivenUpIsFree() {
    var runner = world.run();
    UUID first = Ids.fresh();
    ask(runner, first, null, new Told.Begin("n", soon(), false));
    await().atMost(JobWorld.PATIENCE).until(() -> world.status(first), "OVER"::equals);

    Answer second = ask(runner, Ids.fresh(), null, new Told.Begin("n", null, false));

    assertThat(second.body()).isEqualTo("version 1");
  }

  @Test
  void aRecordWhoseLinkIsCommittedAMomentLaterFindsIt() throws InterruptedException {
    var runner = world.run();
    UUID id = begin(runner, null);
    var isOpen = new CountDownLatch(1);
    var mayCommit = new CountDownLatch(1);
    var states = JobWorld.states();
    states.onceBeforeCommit(_ -> {
      isOpen.countDown();
      awaitQuietly(mayCommit);
    });
    var maker = transaction(states);
    var making = CompletableFuture.runAsync(() -> run(maker, request(id, new Told.Take("7"))));
    isOpen.await();
    world.execute("insert into ticket_news values ('default', '7', 'fixed')");

    world.send(JobStage.NEWS, "7", "fixed");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select sum(unrouted)::bigint as n from stage_position") == 1);
    mayCommit.countDown();
    making.join();

    world.awaitLog(id, "fixed");
  }

  @Test
  void laterRecordsOfADeadOnesKeyAreParkedAndOtherKeysGoOn() {
    world.run();
    UUID poisoned = Ids.fresh();
    UUID good = Ids.fresh();
    Stream.of(poisoned, good).forEach(id -> world.send(JobStage.COMMANDS, id.toString(), "begin"));

    world.send(JobStage.COMMANDS, poisoned.toString(), "note poison");
    world.send(JobStage.COMMANDS, poisoned.toString(), "note later");
    world.send(JobStage.COMMANDS, good.toString(), "note good");

    world.awaitLog(good, "good");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select sum(parked)::bigint as n from stage_position") == 1);
    assertThat(world.log(poisoned)).isEmpty();
    assertThat(
            world.query(
                "select status from dead_letter order by record_offset",
                row -> Columns.required(row, "status", String.class)))
        .containsExactly("DEAD", "PARKED");
    assertThat(
            world.query(
                "select status::text as s from inbox order by 1",
                row -> Columns.required(row, "s", String.class)))
        .containsExactly("applied", "applied", "applied", "dead", "parked");
  }

  @Tag("slow")
  @Test
  void aTimeOutBuriesNothingAndOthersGoOn() {
    var runner = world.run();
    UUID locked = begin(runner, null);
    UUID good = begin(runner, null);
    var isLocked = new CountDownLatch(1);
    var mayGo = new CountDownLatch(1);
    var holder =
        CompletableFuture.runAsync(() ->
            world
                .database(world.databaseUrl())
                .inStage(transaction -> {
                  var _ =
                      transaction.query(
                          "select 1 as n from job where job_id = '%s' for update".formatted(locked),
                          _ -> 1);
                  isLocked.countDown();
                  awaitQuietly(mayGo);
                  return true;
                }));
    awaitQuietly(isLocked);

    world.send(JobStage.COMMANDS, locked.toString(), "note waits");
    world.send(JobStage.COMMANDS, good.toString(), "note good");
    CompletableFuture<Answer> asked =
        runner.request(JobWorld.request(null, JobWorld.job(locked), new Told.Note("asked")));

    await().atMost(Duration.ofSeconds(60)).until(() -> world.log(good), List.of("good")::equals);
    mayGo.countDown();
    holder.handle((_, _) -> true).join();
    await().atMost(Duration.ofSeconds(60)).until(() -> world.log(locked).contains("waits"));
    assertThat(world.number("select count(*) as n from dead_letter")).isZero();
    // whoever waited too long is told so
    assertThat(asked.handle((_, _) -> true).join()).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private StageTransaction<Job, Told, Happened> transaction() {
    return transaction(JobWorld.states());
  }

  private StageTransaction<Job, Told, Happened> transaction(
      StateStore<Job, Told, Happened> states) {
    short id = world.database().inStage(each -> StagePositions.stageId(each, JobStage.NAME));
    return new StageTransaction<>(
        world.database(), JobStage.over(states), id, Positions.ofStage(id), Mode.LIVE, null);
  }

  private static Ask<Job, Told, Happened> request(UUID id, Told told) {
    return new Ask.Requested<>(
        Ids.fresh(),
        JobWorld.request(null, JobWorld.job(id), told),
        new CompletableFuture<>(),
        Long.MAX_VALUE);
  }

  private static void run(
      StageTransaction<Job, Told, Happened> transaction, Ask<Job, Told, Happened> ask) {
    transaction.run(new Turn<>(List.of(ask), List.of())).replies().forEach(Runnable::run);
  }

  private static OperationDoor<Told> operations(StageRunner<Job, Told, Job.Happened> runner) {
    return runner.operations().orElseThrow();
  }

  private static UUID begin(StageRunner<Job, Told, Happened> runner, Request.@Nullable Key key) {
    Answer begun =
        JobWorld.get(runner.request(JobWorld.beginning(key, new Told.Begin(null, null, false))));
    return UUID.fromString(String.valueOf(begun.location()));
  }

  private static Answer ask(
      StageRunner<Job, Told, Happened> runner, UUID id, Request.@Nullable Key key, Told told) {
    return JobWorld.get(runner.request(JobWorld.request(key, JobWorld.job(id), told)));
  }

  private static Instant soon() {
    return JobStage.micros(Instant.now().plusMillis(50));
  }

  private long armed() {
    return world.number("select count(*) as n from deadline where armed");
  }
}
