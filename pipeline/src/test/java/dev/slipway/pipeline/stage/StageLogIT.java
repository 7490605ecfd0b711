package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a stage does when its source is not what it was.
@Tag("slow")
class StageLogIT {
  private LedgerWorld world;
  private LedgerLog log;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
    log = world.log();
    log.tell(0, "a", 0, 5);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aTopicMadeAnewWhileTheStageIsDownIsReadFromItsStart() throws Exception {
    var first = world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    first.stop();
    makeTopicAnew();
    log.tell(0, "a", 3, 8);

    world.run(LedgerStage.adding());

    await().until(() -> world.ledger("a"), LedgerLog.told(0, 8, "ok")::equals);
    assertThat(world.progress(0)).isEqualTo(new Progress(5, new Counts(10, 8, 2, 0, 0, 0, 0, 0)));
  }

  @Test
  void aTopicMadeAnewUnderARunningStageIsReadFromItsStartAndSaidToBeLost() throws Exception {
    var runner = world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    await().until(runner::finding, Finding.up()::equals);
    makeTopicAnew();

    log.tell(0, "a", 10, 19);

    await()
        .atMost(LedgerWorld.PATIENCE)
        .until(
            () -> world.ledger("a"),
            text ->
                text.split(" ").length == 14 && text.startsWith(LedgerLog.told(0, 5, "ok") + " "));
    for (int number = 10; number < 19; number++) {
      assertThat(world.ledger("a")).containsOnlyOnce("t" + number + "=ok");
    }
    await().until(() -> world.progress(0).next(), Long.valueOf(9)::equals);
    await().until(() -> runner.finding().status() == Status.DEGRADED);
    assertThat(runner.finding().detail()).contains(world.topic()).contains("made anew");
  }

  @Test
  void aLogThatEndsBeforeThePositionIsReadFromItsStart() {
    var first = world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    first.stop();
    world.execute("update stage_position set next_offset = 100 where partition = 0");

    world.run(LedgerStage.adding());

    world.awaitNext(0, 5);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(10, 5, 5, 0, 0, 0, 0, 0));
  }

  @Test
  void aPositionThatIsMovedUnderARunningStageIsFollowed() {
    world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    world.execute("update stage_position set next_offset = 100 where partition = 0");
    log.tell(0, "a", 5, 6);
    world.awaitNext(0, 6);
    world.execute("update stage_position set next_offset = 2 where partition = 0");
    log.tell(0, "a", 6, 7);
    world.awaitNext(0, 7);
    world.executeAsOwner("delete from stage_position where partition = 0");

    log.tell(0, "a", 7, 8);

    world.awaitNext(0, 8);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 8, "ok"));
  }

  @Test
  void recordsLostBeforeTheyWereSeenStopTheStageUntilAnOperatorHasMovedItsPosition()
      throws Exception {
    var first = world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    first.stop();
    log.tell(0, "a", 5, 10);
    log.tell(1, "b", 100, 101);
    deleteBefore(8);

    var runner = world.run(LedgerStage.adding());

    await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.STOPPED);
    world.awaitNext(1, 1);
    assertThat(runner.health()).isEqualTo(StageHealth.STOPPED);
    assertThat(runner.finding().status()).isEqualTo(Status.DOWN);
    assertThat(runner.finding().detail()).contains("accept the loss");
    assertThat(world.progress(0).next()).isEqualTo(5);
    assertThat(world.ledger("b")).isEqualTo("t100=ok");

    world.execute("update stage_position set next_offset = 8 where partition = 0");

    world.awaitNext(0, 10);
    assertThat(world.ledger("a")).isEqualTo("t0=ok t1=ok t2=ok t3=ok t4=ok t8=ok t9=ok");
    await().until(() -> runner.health() == StageHealth.RUNNING);
  }

  @Test
  void recordsDeletedAfterTheyWereSeenDisturbNothing() throws Exception {
    var runner = world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    await().until(() -> runner.health() == StageHealth.RUNNING);

    deleteBefore(5);

    log.tell(0, "a", 5, 6);
    world.awaitNext(0, 6);
    assertThat(runner.health()).isEqualTo(StageHealth.RUNNING);
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(6, 6, 0, 0, 0, 0, 0, 0));
  }

  private void deleteBefore(long offset) throws Exception {
    world
        .admin()
        .deleteRecords(Map.of(world.partition(0), RecordsToDelete.beforeOffset(offset)))
        .all()
        .get();
  }

  private void makeTopicAnew() throws Exception {
    world.admin().deleteTopics(List.of(world.topic())).all().get();
    await().atMost(LedgerWorld.PATIENCE).until(() -> isGone(world.topic()));
    world.makeTopics();
  }

  private boolean isGone(String topic) throws InterruptedException {
    KafkaFuture<?> described =
        world.admin().describeTopics(List.of(topic)).topicNameValues().get(topic);
    try {
      var _ = described == null ? null : described.get();
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof UnknownTopicOrPartitionException;
    }
  }
}
