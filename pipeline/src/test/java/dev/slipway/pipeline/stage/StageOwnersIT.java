package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.Ledger.Input.Told;
import dev.slipway.pipeline.stage.LedgerWorld.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    var each = new Progress(300, new Counts(300, 300, 0, 0, 0, 0, 0, 0));
    assertThat(List.of(world.progress(0), world.progress(1))).containsExactly(each, each);
  }

  @Test
  void aFormerOwnersBatchIsTrimmedToWhatNobodyHasSettled() {
    short id = stageAt(Position.at(TOPIC_ID, 0));

    SliceResult newOwners = run(id, slice(TOPIC_ID, 0, 3));
    SliceResult formerOwners = run(id, slice(TOPIC_ID, 0, 5));
    SliceResult again = run(id, slice(TOPIC_ID, 0, 5));

    assertThat(List.of(newOwners, formerOwners, again))
        .extracting(result -> result.counts().applied())
        .containsExactly(3L, 2L, 0L);
    assertThat(again.position()).isEqualTo(Position.at(TOPIC_ID, 5));
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
  }

  @Test
  void aBatchThatBeginsBehindThePositionIsLeftForLater() {
    short id = stageAt(Position.at(TOPIC_ID, 0));

    SliceResult result = run(id, slice(TOPIC_ID, 2, 5));

    assertThat(result).isEqualTo(nothingAt(Position.at(TOPIC_ID, 0)));
    assertThat(world.ledger("a")).isEmpty();
    assertThat(world.inbox()).isEmpty();
  }

  @Test
  void aBatchOfATopicThatWasMadeAnewSinceMovesNoPosition() {
    short id = stageAt(Position.at("second", 0));

    SliceResult result = run(id, slice(TOPIC_ID, 0, 5));

    assertThat(result).isEqualTo(nothingAt(Position.at("second", 0)));
    assertThat(world.ledger("a")).isEmpty();
    assertThat(world.inbox()).isEmpty();
  }

  @Test
  void ofTwoThatSettleTheSameBatchAtOnceOneDoes() {
    short id = stageAt(Position.at(TOPIC_ID, 0));

    List<SliceResult> both = both(id, slice(TOPIC_ID, 0, 5), slice(TOPIC_ID, 0, 5));

    assertThat(both)
        .extracting(result -> result.counts().applied())
        .containsExactlyInAnyOrder(0L, 5L);
    assertThat(world.ledger("a")).isEqualTo(LedgerLog.told(0, 5, "ok"));
  }

  @Test
  void twoStagesWithTheSameIdsInOppositeOrderDoNotBlockEachOther() {
    short id = stageAt(Position.at(TOPIC_ID, 0));
    var other = new TopicPartition("t", 1);
    assertThat(begin(new StagePositions(id), other)).isTrue();
    var reversed =
        new Slice<>(
            other,
            TOPIC_ID,
            0,
            5,
            null,
            IntStream.range(0, 5).mapToObj(number -> entry(other, number, 4 - number)).toList());

    List<SliceResult> both = both(id, slice(TOPIC_ID, 0, 5), reversed);

    assertThat(both).extracting(result -> result.counts().seen()).containsExactly(5L, 5L);
    assertThat(both.stream().mapToLong(result -> result.counts().applied()).sum()).isEqualTo(5);
  }

  @Test
  void aPositionIsSetOnlyByWhoKnowsWhatItWas() {
    short id = stageAt(Position.at(TOPIC_ID, 7));
    var positions = new StagePositions(id);
    Position start = Position.at(TOPIC_ID, 0);

    boolean begun = begin(positions, PARTITION);
    boolean rewound =
        world
            .database()
            .inStage(transaction ->
                positions.move(transaction, PARTITION, Position.at(TOPIC_ID, 6), start));

    assertThat(begun).isFalse();
    assertThat(rewound).isFalse();
    assertThat(world.query("select * from stage_position", Positions::position))
        .containsExactly(Map.entry(PARTITION, Position.at(TOPIC_ID, 7)));
  }

  private boolean begin(StagePositions positions, TopicPartition partition) {
    return world
        .database()
        .inStage(transaction -> positions.begin(transaction, partition, Position.at(TOPIC_ID, 0)));
  }

  private short stageAt(Position position) {
    return world
        .database()
        .inStage(transaction -> {
          short id = StagePositions.stageId(transaction, LedgerStage.NAME);
          assertThat(new StagePositions(id).begin(transaction, PARTITION, position)).isTrue();
          return id;
        });
  }

  /// Each in a transaction of its own, at once.
  private List<SliceResult> both(short id, Slice<Ledger.Input> first, Slice<Ledger.Input> second) {
    var one = CompletableFuture.supplyAsync(() -> run(id, first));
    var other = CompletableFuture.supplyAsync(() -> run(id, second));
    return List.of(one.join(), other.join());
  }

  private SliceResult run(short id, Slice<Ledger.Input> slice) {
    var transaction =
        new StageTransaction<>(
            world.database(),
            LedgerStage.adding().stage(),
            id,
            Positions.ofStage(id),
            Mode.LIVE,
            null);
    return transaction.run(new Turn<>(List.of(), List.of(slice))).slices().getFirst();
  }

  private static SliceResult nothingAt(Position position) {
    return new SliceResult(position, Counts.NONE, 0, null, List.of());
  }

  private static Slice<Ledger.Input> slice(String topicId, int from, int next) {
    return new Slice<>(
        PARTITION,
        topicId,
        from,
        next,
        null,
        IntStream.range(from, next).mapToObj(number -> entry(PARTITION, number, number)).toList());
  }

  private static Entry<Ledger.Input> entry(TopicPartition partition, int offset, int number) {
    return new Entry.Decoded<>(
        new ConsumerRecord<>(
            partition.topic(), partition.partition(), offset, new byte[0], new byte[0]),
        new CloudEvent(
            LedgerLog.id(number), LedgerStage.TOLD, "test", LedgerLog.TIME, null, null, null),
        Input.to("default", "a", new Told("t" + number)));
  }
}
