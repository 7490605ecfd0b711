package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.Ledger.Input.Told;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import dev.slipway.pipeline.stage.StageTransaction.Mode;
import dev.slipway.pipeline.stage.StageTransaction.Settled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/// Two processes that both think a partition is theirs.
class StageOwnersIT {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final String TOPIC_ID = "first";

  private LedgerWorld world;

  @BeforeEach
  void create() {
    world = LedgerWorld.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void partitionsMoveBetweenRunnersAndNothingIsLostOrDoubled() {
    world.log().tell(0, "a", 0, 200);
    world.log().tell(1, "b", 1_000, 1_200);
    var first = world.run(LedgerStage.adding(), world.database(), 7);
    var second = world.run(LedgerStage.adding(), world.database(), 5);
    await()
        .atMost(LedgerWorld.PATIENCE)
        .until(() -> world.progress(0).next() > 20 || world.progress(1).next() > 20);
    first.stop(Duration.ZERO);
    world.log().tell(0, "a", 200, 300);
    world.run(LedgerStage.adding(), world.database(), 9);
    world.log().tell(1, "b", 1_200, 1_300);
    second.stop();

    world.awaitNext(0, 300);
    world.awaitNext(1, 300);

    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 300, "ok"));
    assertThat(world.ledger("b")).isEqualTo(LedgerLog.told(1_000, 1_300, "ok"));
    var each = new Progress(300, new Counts(300, 300, 0, 0, 0, 0, 0));
    assertThat(List.of(world.progress(0), world.progress(1))).containsExactly(each, each);
  }

  @Test
  void aFormerOwnersBatchIsTrimmedToWhatNobodyHasSettled() {
    short id = stageAt(new Stored(TOPIC_ID, 0));

    Settled newOwners = run(id, batch(TOPIC_ID, 0, 3));
    Settled formerOwners = run(id, batch(TOPIC_ID, 0, 5));
    Settled again = run(id, batch(TOPIC_ID, 0, 5));

    assertThat(List.of(newOwners, formerOwners, again))
        .extracting(settled -> settled.counts().applied())
        .containsExactly(3L, 2L, 0L);
    assertThat(again.positions()).containsEntry(PARTITION, new Stored(TOPIC_ID, 5));
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
  }

  @Test
  void aBatchThatBeginsBehindThePositionIsLeftForLater() {
    short id = stageAt(new Stored(TOPIC_ID, 0));

    Settled settled = run(id, batch(TOPIC_ID, 2, 5));

    assertThat(settled)
        .isEqualTo(new Settled(Map.of(PARTITION, new Stored(TOPIC_ID, 0)), Counts.NONE, List.of()));
    assertThat(world.ledger("a")).isEmpty();
  }

  @Test
  void aBatchOfATopicThatWasMadeAnewSinceMovesNoPosition() {
    short id = stageAt(new Stored("second", 0));

    Settled settled = run(id, batch(TOPIC_ID, 0, 5));

    assertThat(settled)
        .isEqualTo(new Settled(Map.of(PARTITION, new Stored("second", 0)), Counts.NONE, List.of()));
    assertThat(world.ledger("a")).isEmpty();
  }

  @Test
  void ofTwoThatSettleTheSameBatchAtOnceOneDoes() {
    short id = stageAt(new Stored(TOPIC_ID, 0));

    List<Settled> both =
        Blocking.answer(
            Mono.zip(
                transaction(id).run(batch(TOPIC_ID, 0, 5)),
                transaction(id).run(batch(TOPIC_ID, 0, 5)),
                List::of));

    assertThat(both)
        .extracting(settled -> settled.counts().applied())
        .containsExactlyInAnyOrder(0L, 5L);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
  }

  @Test
  void twoStagesWithTheSameIdsInOppositeOrderDoNotBlockEachOther() {
    short id = stageAt(new Stored(TOPIC_ID, 0));
    var other = new TopicPartition("t", 1);
    var positions = new StagePositions(id);
    assertThat(begin(positions, other)).isTrue();
    var reversed =
        new Batch<>(
            Map.of(other, new Span(TOPIC_ID, 0, 5)),
            IntStream.range(0, 5).mapToObj(number -> entry(other, number, 4 - number)).toList());

    List<Settled> both =
        Blocking.answer(
            Mono.zip(
                transaction(id).run(batch(TOPIC_ID, 0, 5)),
                transaction(id).run(reversed),
                List::of));

    assertThat(both).extracting(settled -> settled.counts().seen()).containsExactly(5L, 5L);
    assertThat(both.stream().mapToLong(settled -> settled.counts().applied()).sum()).isEqualTo(5);
  }

  @Test
  void aPositionIsSetOnlyByWhoKnowsWhatItWas() {
    short id = stageAt(new Stored(TOPIC_ID, 7));
    var positions = new StagePositions(id);
    var start = new Stored(TOPIC_ID, 0);

    boolean begun = begin(positions, PARTITION);
    boolean rewound =
        Blocking.answer(
            world
                .database()
                .asStage(
                    client -> positions.move(client, PARTITION, new Stored(TOPIC_ID, 6), start)));

    assertThat(begun).isFalse();
    assertThat(rewound).isFalse();
    assertThat(world.query("select * from stage_position", PartitionRows::position))
        .containsExactly(Map.entry(PARTITION, new Stored(TOPIC_ID, 7)));
  }

  private boolean begin(StagePositions positions, TopicPartition partition) {
    return Blocking.answer(
        world
            .database()
            .asStage(client -> positions.begin(client, partition, new Stored(TOPIC_ID, 0))));
  }

  private short stageAt(Stored position) {
    return Blocking.answer(
        world
            .database()
            .asStage(client ->
                StagePositions.stageId(client, LedgerStage.NAME)
                    .flatMap(id ->
                        new StagePositions(id).begin(client, PARTITION, position).thenReturn(id))));
  }

  private Settled run(short id, Batch<String, Ledger.Input> batch) {
    return Blocking.answer(transaction(id).run(batch));
  }

  private StageTransaction<String, Ledger, Ledger.Input, Ledger.Added> transaction(short id) {
    return new StageTransaction<>(
        world.database(), LedgerStage.adding(), new Inbox(id), new StagePositions(id), Mode.LIVE);
  }

  private static Batch<String, Ledger.Input> batch(String topicId, int from, int next) {
    return new Batch<>(
        Map.of(PARTITION, new Span(topicId, from, next)),
        IntStream.range(from, next).mapToObj(number -> entry(PARTITION, number, number)).toList());
  }

  private static Entry<String, Ledger.Input> entry(
      TopicPartition partition, int offset, int number) {
    return new Entry.Decoded<>(
        new ConsumerRecord<>(
            partition.topic(), partition.partition(), offset, new byte[0], new byte[0]),
        new Input<>(LedgerLog.id(number), "a", new Told("t" + number)));
  }
}
