package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.schemas.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The way out for records that wait.
class RequeueIT {
  private JobWorld world;

  @BeforeEach
  void create() {
    world = new JobWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aBuildThatIsFixedAppliesWhatIsRequeuedAndThenWhatWaitedBehindIt() {
    UUID job = poisonedBefore("a", "b");
    fixed();

    requeue();

    world.awaitLog(job, "poison", "a", "b");
    awaitCounts("4 applied 0 dead 0 parked");
    assertThat(waiting()).isEmpty();
    assertThat(inbox()).containsExactly("4 applied");
    assertThat(
            world.texts(
                """
                select ce_sequence || ' ' || ce_type as v from outbox
                where topic = 'job.events' order by outbox_id
                """))
        .containsExactly("1 job.begun", "2 job.noted", "3 job.noted", "4 job.noted");
  }

  @Test
  void whatFailsAgainIsDeadAgainAndHoldsBackWhatWaits() {
    UUID job = poisoned(world.run(), "a");
    long letters = world.length(JobStage.DEAD_LETTERS);
    world.execute("update dead_letter set cause = 'as it was' where status = 'DEAD'");

    requeue();

    await().atMost(JobWorld.PATIENCE).until(() -> causes().contains("bug: IllegalStateException"));
    assertThat(waiting()).containsExactly("DEAD", "PARKED");
    awaitCounts("1 applied 1 dead 1 parked");
    assertThat(world.length(JobStage.DEAD_LETTERS)).isEqualTo(letters);
    assertThat(world.log(job)).isEmpty();
  }

  @Test
  @Tag("slow")
  void whatWasParkedDiesOfItsOwnWithALetter() {
    UUID job = poisoned(world.run(), "poison too", "a");
    long letters = world.length(JobStage.DEAD_LETTERS);

    discard();

    awaitCounts("1 applied 2 dead 1 parked");
    assertThat(waiting()).containsExactly("DEAD", "PARKED");
    assertThat(inbox()).containsExactly("1 applied", "1 parked", "2 dead");
    assertThat(world.length(JobStage.DEAD_LETTERS)).isEqualTo(letters + 1);
    discard();
    world.awaitLog(job, "a");
  }

  @Test
  void whatIsDiscardedStaysDeadAndTheRestFollowsInOrder() {
    UUID job = poisoned(world.run(), "a", "b", "c");

    discard();

    world.awaitLog(job, "a", "b", "c");
    awaitCounts("4 applied 1 dead 0 parked");
    assertThat(inbox()).containsExactly("1 dead", "4 applied");
    assertThat(waiting()).isEmpty();
  }

  @Test
  @Tag("slow")
  void whatNobodyCanReadHoldsBackItsKeyUntilItIsDiscarded() {
    world.run();
    UUID job = Ids.fresh();
    send(job, "begin");
    send(job, "nonsense");
    send(job, "note a");
    awaitCounts("1 applied 1 dead 1 parked");

    requeue();
    await().atMost(JobWorld.PATIENCE).until(() -> waiting().equals(List.of("DEAD", "PARKED")));
    discard();

    world.awaitLog(job, "a");
  }

  @Test
  @Tag("slow")
  void otherJobsAreNotHeldUpAndComeBackEachInItsOrder() {
    var runner = world.run();
    List<UUID> jobs = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      jobs.add(begun());
    }
    jobs.forEach(job -> send(job, "note poison"));
    for (UUID job : jobs) {
      send(job, "note a");
      send(job, "note b");
    }
    UUID well = begun();
    send(well, "note c");
    world.awaitLog(well, "c");
    awaitCounts("7 applied 5 dead 10 parked");
    runner.stop();
    // two at once, of which each is settled by one
    fixed();
    fixed();

    requeue();

    for (UUID job : jobs) {
      world.awaitLog(job, "poison", "a", "b");
    }
    awaitCounts("22 applied 0 dead 0 parked");
    assertThat(world.number("select count(*) as n from outbox")).isEqualTo(22);
  }

  /// Where a transaction is killed.
  enum Kill {
    AFTER_CLAIM,
    BEFORE_COMMIT,
    ANSWER_TO_COMMIT_LOST
  }

  @ParameterizedTest
  @Tag("slow")
  @EnumSource(Kill.class)
  void whereverItIsKilledItIsAppliedOnce(Kill kill) {
    UUID job = poisonedBefore("a");
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      FaultyStates<Job, Told, Happened> states = JobWorld.states();
      world.run(JobStage.fixed(states), world.database(proxy.url()));
      switch (kill) {
        case AFTER_CLAIM -> states.onceAfterClaim(FaultyStates::cut);
        case BEFORE_COMMIT -> states.onceBeforeCommit(FaultyStates::cut);
        case ANSWER_TO_COMMIT_LOST -> states.onceBeforeCommit(_ -> proxy.loseTheNextCommitAnswer());
      }

      requeue();

      world.awaitLog(job, "poison", "a");
      assertThat(states.isQuiet()).isTrue();
      awaitCounts("3 applied 0 dead 0 parked");
      assertThat(world.number("select count(*) as n from outbox")).isEqualTo(3);
    }
  }

  @Test
  void whatComesInWhileTheLastOneIsAppliedComesBehindIt() {
    UUID job = poisonedBefore();
    FaultyStates<Job, Told, Happened> states = JobWorld.states();
    world.run(JobStage.fixed(states), world.database());
    // its transaction waits for that of the requeue, and sees the row go or not
    states.onceBeforeCommit(_ -> send(job, "note late"));

    requeue();

    world.awaitLog(job, "poison", "late");
    awaitCounts("3 applied 0 dead 0 parked");
    assertThat(waiting()).isEmpty();
  }

  @Test
  @Tag("slow")
  void fromATopicThatHasBeenCleanedItComesFromTheDeadLetterTopicIfThatHasIt() {
    UUID job = poisonedBefore("a");
    fixed();
    world.deleteRecords(JobStage.COMMANDS);

    requeue();

    world.awaitLog(job, "poison");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() ->
            causes()
                .equals(
                    List.of("its log no longer has it, nor has the dead-letter topic all of it")));
    assertThat(waiting()).containsExactly("DEAD");
    awaitCounts("2 applied 1 dead 0 parked");
  }

  /// A job whose first note is a dead letter, so that these notes wait.
  private UUID poisoned(StageRunner<Job, Told, Happened> runner, String... notes) {
    UUID job = begun();
    send(job, "note poison");
    for (String note : notes) {
      send(job, "note " + note);
    }
    awaitCounts("1 applied 1 dead %d parked".formatted(notes.length));
    assertThat(runner.health()).isEqualTo(StageHealth.RUNNING);
    return job;
  }

  /// The same, by a build that then is stopped.
  private UUID poisonedBefore(String... notes) {
    var runner = world.run();
    UUID job = poisoned(runner, notes);
    runner.stop();
    return job;
  }

  private UUID begun() {
    UUID job = Ids.fresh();
    send(job, "begin");
    await().atMost(JobWorld.PATIENCE).until(() -> world.status(job), "OPEN"::equals);
    return job;
  }

  private void send(UUID job, String command) {
    UUID _ = world.send(JobStage.COMMANDS, job.toString(), command);
  }

  private void fixed() {
    world.run(JobStage.fixed(JobWorld.states()), world.database());
  }

  private void requeue() {
    world.execute("update dead_letter set status = 'REQUEUED' where status = 'DEAD'");
  }

  private void discard() {
    world.execute("delete from dead_letter where status = 'DEAD'");
  }

  private List<String> waiting() {
    return world.texts("select status as v from dead_letter order by letter_no");
  }

  private List<String> causes() {
    return world.texts("select cause as v from dead_letter order by letter_no");
  }

  private List<String> inbox() {
    return world.texts(
        "select count(*) || ' ' || status as v from inbox group by status order by 1");
  }

  private void awaitCounts(String counts) {
    await()
        .atMost(JobWorld.PATIENCE)
        .until(
            () ->
                world
                    .texts(
                        """
                        select concat(sum(applied), ' applied ', sum(dead), ' dead ', sum(parked), ' parked') as v
                        from stage_position
                        """)
                    .getFirst(),
            counts::equals);
  }
}
