package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.rebuild.Rebuild.Result;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.schemas.Ids;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Rows against a fold of the stage's own events.
class EventRebuildIT {
  private static final Rebuild.Steps UNDISTURBED =
      new Rebuild.Steps() {
        @Override
        public void at(int percent, long records) {}

        @Override
        public void await(RetryableException failure) {
          throw failure;
        }
      };

  private JobWorld world;
  private StageRunner<Job, Told, Happened> runner;
  private UUID one;
  private UUID other;

  @BeforeEach
  void create() {
    world = new JobWorld();
    runner = world.run(stage(), world.database());
    one = told("begin first", "note a", "work b", "note c");
    other = told("begin second", "take 7");
    // for two partitions, so that events of one are folded before those of the other
    world.send(JobStage.COMMANDS, other.toString(), "note d");
    world.awaitLog(one, "a", "asked b", "c");
    world.awaitLog(other, "d");
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void rowsAreWhatTheLogAndTheOutboxSayTogether() {
    world.publish("ce_sequence < 3");
    // once more, as after a power cut
    world.publish("ce_sequence < 2");
    world.execute("update outbox set published_at = now() where ce_sequence < 3");
    world.execute("delete from outbox where ce_sequence < 2");

    Result result = verify(stage());

    assertThat(result.comparison().tables())
        .containsExactly(new TableComparison("job", 2, 0, 0, 0, List.of()));
    assertThat(result.comparison().differences()).isEmpty();
  }

  @Test
  void whatWasTamperedWithIsFoundAndNothingElse() {
    world.publish("true");
    world.execute(
        "update job set state = jsonb_set(state, '{log,0}', '\"mallory\"') where job_id = '%s'"
            .formatted(one));
    UUID foreign = Ids.fresh();
    world.execute("update job set job_id = '%s' where job_id = '%s'".formatted(foreign, other));

    Result result = verify(stage());

    assertThat(result.comparison().tables())
        .containsExactly(new TableComparison("job", 2, 1, 1, 1, List.of()));
    assertThat(result.comparison().differences())
        .extracting(RowDifference::key, RowDifference::column)
        .containsExactlyInAnyOrder(
            tuple("job_id=" + one, "state"),
            tuple("job_id=" + other, null),
            tuple("job_id=" + foreign, null));
  }

  @Test
  void aRowThatIsBehindItsEventsIsFound() {
    world.publish("true");
    world.execute("update job set version = version - 1 where job_id = '%s'".formatted(one));

    Result result = verify(stage());

    assertThat(result.comparison().differences())
        .containsExactly(new RowDifference("job", "job_id=" + one, "version", "3", "4"));
  }

  @Test
  void aStateThatAnEarlierBuildWroteOtherwiseIsTheSame() {
    world.publish("true");
    world.execute("update job set state = state - 'ticket' where job_id = '%s'".formatted(one));
    world.execute("update job set state = '{\"log\": 1}' where job_id = '%s'".formatted(other));

    Result result = verify(stage());

    assertThat(result.comparison().differences())
        .extracting(RowDifference::key)
        .containsExactly("job_id=" + other);
  }

  @Test
  void whatComesInMeanwhileIsNotPartOfIt() {
    world.publish("true");
    FaultyStates<Job, Told, Happened> states = JobWorld.states();
    states.onceAfterClaim(_ -> {
      world.send(JobStage.COMMANDS, one.toString(), "note late");
      world.awaitLog(one, "a", "asked b", "c", "late");
      world.publish("ce_type = 'job.noted' and ce_sequence = 5");
    });

    Result result = verify(JobStage.rebuilt(states));

    assertThat(states.isQuiet()).isTrue();
    assertThat(result.comparison().tables())
        .containsExactly(new TableComparison("job", 2, 0, 0, 0, List.of()));
  }

  @Test
  void anEventThatIsNotPublishedIsABugWhereEventsSayWhatRowsAre() {
    var answer =
        runner.request(JobWorld.request(null, JobWorld.job(one), new Told.Note("touched")));

    assertThatThrownBy(() -> JobWorld.get(answer)).hasCauseInstanceOf(IllegalStateException.class);
  }

  private static Stage<Job, Told, Happened> stage() {
    return JobStage.rebuilt(JobWorld.states());
  }

  private Result verify(Stage<Job, Told, Happened> stage) {
    return new Rebuild(world.database(), world.clients(), world.properties())
        .verify(stage, UNDISTURBED);
  }

  private UUID told(String... commands) {
    UUID id = Ids.fresh();
    for (String command : commands) {
      world.send(JobStage.COMMANDS, id.toString(), command);
    }
    await().atMost(JobWorld.PATIENCE).until(() -> world.status(id), "OPEN"::equals);
    return id;
  }
}
