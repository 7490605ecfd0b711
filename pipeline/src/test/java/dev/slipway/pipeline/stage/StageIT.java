package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StageIT {
  private LedgerWorld world;
  private LedgerLog log;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
    log = world.log();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void copiesWithinABatchAndAcrossBatchesAreKnownAndCountedOnceEach() {
    log.tell(0, "a", 0, 3);
    log.tell(0, "a", 1, 5);
    world.run(LedgerStage.adding());
    world.awaitNext(0, 7);
    log.tell(0, "a", 0, 6);

    world.awaitNext(0, 13);

    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 6, "ok"));
    assertThat(world.progress(0)).isEqualTo(new Progress(13, new Counts(13, 6, 7, 0, 0, 0, 0, 0)));
    assertThat(world.inbox()).hasSize(6).allMatch(row -> row.endsWith(" applied"));
  }

  @Test
  void aTypeThisBuildDoesNotKnowLeavesNoTraceButItsCount() {
    log.send(log.typed(0, "a", 1, "ledger.untold", new byte[] {1, 2, 3}));
    log.send(log.told(0, "a", 1, "later"));
    world.run(LedgerStage.adding());

    world.awaitNext(0, 2);

    assertThat(world.ledger("a")).isEqualTo("later=ok");
    assertThat(world.progress(0)).isEqualTo(new Progress(2, new Counts(2, 1, 0, 1, 0, 0, 0, 0)));
    assertThat(world.inbox()).containsExactly(LedgerLog.id(1) + " applied");
  }

  @Test
  void whatCannotBeIsRejectedWithItsEvent() {
    log.send(log.told(0, "a", 1, "no"));
    world.run(LedgerStage.adding());

    world.awaitNext(0, 1);

    assertThat(world.ledger("a")).isEqualTo("no=rejected");
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(1, 0, 0, 0, 0, 1, 0, 0));
    assertThat(world.inbox()).containsExactly(LedgerLog.id(1) + " rejected");
  }

  @Test
  void aPoisonRecordIsADeadLetterAndThePartitionGoesOn() {
    log.tell(1, "b", 0, 2);
    log.send(log.told(1, "b", 2, "poison"));
    log.tell(1, "b", 3, 5);
    world.run(LedgerStage.adding());

    world.awaitNext(1, 5);

    assertThat(world.ledger("b")).isEqualTo("t0=ok t1=ok t3=ok t4=ok");
    assertThat(world.progress(1).counts()).isEqualTo(new Counts(5, 4, 0, 0, 0, 0, 1, 0));
    assertThat(world.inbox()).contains(LedgerLog.id(2) + " dead");
    assertThat(log.letters())
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.partition()).isEqualTo(1);
          assertThat(letter.value()).isEqualTo("poison");
          assertThat(letter.headers())
              .containsEntry("dlt_stage", LedgerStage.NAME)
              .containsEntry("dlt_id", LedgerLog.id(2).toString())
              .containsEntry("dlt_cause", "it is poison")
              .containsEntry("dlt_topic", world.topic())
              .containsEntry("dlt_partition", "1")
              .containsEntry("dlt_offset", "2")
              .containsEntry("dlt_value_bytes", "6");
        });
  }

  @Test
  void oneDeadLetterAfterTheOtherStopsTheStageWithAnAlarmUntilItIsStartedAnew() {
    for (int number = 0; number < 25; number++) {
      log.send(log.told(0, "a", number, "poison"));
    }
    log.send(log.told(0, "a", 25, "good"));
    var runner = world.run(LedgerStage.adding());

    await().atMost(LedgerWorld.PATIENCE).until(() -> runner.health() == StageHealth.BURYING);

    assertThat(runner.finding().status()).isEqualTo(Status.DOWN);
    assertThat(log.letters()).hasSize(20);
    runner.stop();
    world.run(LedgerStage.adding());
    world.awaitNext(0, 26);
    assertThat(world.ledger("a")).isEqualTo("good=ok");
  }

  @Test
  void recordsWithoutEnvelopeOrValueAreDeadLettersOfTheirOwn() {
    log.send(log.bare(0, "a", new byte[] {1}));
    log.send(log.bare(0, "a", null));
    world.run(LedgerStage.adding());

    world.awaitNext(0, 2);

    assertThat(world.progress(0).counts()).isEqualTo(new Counts(2, 0, 0, 0, 0, 0, 2, 0));
    assertThat(log.letters()).hasSize(2);
    assertThat(world.inbox()).hasSize(2);
  }

  @Test
  void aPoisonRecordOfAnySizeIsKeptAndHoldsNothingUp() {
    for (int bytes : List.of(1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024)) {
      byte[] value =
          "poison".repeat(bytes / 6 + 1).substring(0, bytes).getBytes(StandardCharsets.UTF_8);
      log.send(log.typed(0, "a", bytes, LedgerStage.TOLD, value));
    }
    world.run(LedgerStage.adding());

    world.awaitNext(0, 4);

    assertThat(log.letters())
        .extracting(letter -> letter.value().length())
        .containsExactly(1024 * 1024 - 1, 1024 * 1024, 0, 0);
    assertThat(log.letters())
        .extracting(letter -> letter.about("dlt_value_bytes"))
        .containsExactly("1048575", "1048576", "1048577", "3145728");
  }

  @Test
  void aPoisonRecordWithHugeKeyAndHeadersIsKeptByItsPlaceAlone() {
    var record = log.told(0, "k".repeat(1024 * 1024), 1, "poison");
    record.headers().add("big", new byte[1024 * 1024 + 1]);
    log.send(record);
    world.run(LedgerStage.adding());

    world.awaitNext(0, 1);

    assertThat(log.letters())
        .singleElement()
        .satisfies(letter -> assertThat(letter.about("dlt_offset")).isEqualTo("0"));
  }

  @Test
  void aBugTakesDownOnlyItsRecordAndTheAggregateIsTold() {
    log.tell(0, "a", 0, 3);
    log.send(log.told(0, "b", 3, "bug"));
    log.send(log.told(0, "b", 3, "bug"));
    log.tell(0, "a", 4, 6);
    log.send(log.told(0, "b", 6, "t6"));
    world.run(LedgerStage.adding());

    world.awaitNext(0, 8);

    assertThat(world.ledger("a")).isEqualTo("t0=ok t1=ok t2=ok t4=ok t5=ok");
    assertThat(world.ledger("b")).isEqualTo("bug=dead t6=ok");
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(8, 6, 1, 0, 0, 0, 1, 0));
    assertThat(world.inbox()).contains(LedgerLog.id(3) + " dead");
    assertThat(log.letters())
        .extracting(letter -> letter.about("dlt_cause"))
        .containsExactly("bug: IllegalStateException");
  }

  @Test
  void whatOnlyTheStoreRefusesIsADeadLetterToo() {
    log.tell(0, "a", 0, 2);
    log.send(log.told(0, "a\0b", 2, "t2"));
    log.tell(0, "a", 3, 4);
    world.run(LedgerStage.adding());

    world.awaitNext(0, 4);

    assertThat(world.ledger("a")).isEqualTo("t0=ok t1=ok t3=ok");
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(4, 3, 0, 0, 0, 0, 1, 0));
    assertThat(log.letters()).hasSize(1);
  }

  @Test
  void whatTheStoreRefusesIsToldToItsAggregateThoughOthersWaitToBeTaken() {
    world.executeAsOwner("alter table ledger add check (entries not like '%refused=ok%')");
    log.send(
        IntStream.range(0, 200)
            .mapToObj(number ->
                number % 40 == 20
                    ? log.told(0, "k" + number, number, "refused")
                    : log.told(0, "rest", number, "t" + number))
            .toList());
    // what is behind a half of a turn is enough for a second one
    world.run(LedgerStage.adding(), world.database(), 8);

    world.awaitNext(0, 200);

    assertThat(List.of(20, 60, 100, 140, 180))
        .allSatisfy(number -> assertThat(world.ledger("k" + number)).isEqualTo("refused=dead"));
    assertThat(world.ledger("rest").split(" ")).hasSize(195).doesNotHaveDuplicates();
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(200, 195, 0, 0, 0, 0, 5, 0));
    assertThat(log.letters()).hasSize(5);
  }

  @Test
  void transactionMarkersAndAbortedRecordsArePassedOverInThePosition() {
    log.sendInTransaction(List.of(log.told(0, "a", 1, "t1"), log.told(0, "a", 2, "t2")), true);
    log.sendInTransaction(List.of(log.told(0, "a", 3, "t3")), false);
    world.run(LedgerStage.adding());
    world.awaitNext(0, 5);
    log.sendInTransaction(List.of(log.told(0, "a", 3, "t3")), false);

    world.awaitNext(0, 7);

    assertThat(world.ledger("a")).isEqualTo("t1=ok t2=ok");
    assertThat(world.progress(0).counts()).isEqualTo(new Counts(2, 2, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void keysOfManyPartitionsAndBatchesComeThroughInOrder() {
    for (int partition : List.of(0, 1)) {
      log.send(
          IntStream.range(0, 1_500)
              .mapToObj(number ->
                  log.told(partition, "k" + partition, partition * 10_000 + number, "t" + number))
              .toList());
    }
    world.run(LedgerStage.adding());

    world.awaitNext(0, 1_500);
    world.awaitNext(1, 1_500);

    assertThat(world.ledger("k0")).isEqualTo(LedgerLog.told(0, 1_500, "ok"));
    assertThat(world.ledger("k1")).isEqualTo(LedgerLog.told(0, 1_500, "ok"));
    assertThat(world.progress(1).counts()).isEqualTo(new Counts(1_500, 1_500, 0, 0, 0, 0, 0, 0));
  }
}
