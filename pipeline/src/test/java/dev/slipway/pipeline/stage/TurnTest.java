package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.booleans;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.DeadLetterRows.Waiting;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Ledger.Added;
import dev.slipway.pipeline.stage.Ledger.Input.Told;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import dev.slipway.pipeline.stage.StateStore.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/// However a log is cut into turns, it comes to the same.
class TurnTest {
  private static final String TOPIC_ID = "id";

  /// What stands at one place of the log. `0` is no record at all, such as a transaction marker;
  /// the kinds of record repeat their ids, so that copies of every kind meet.
  private static final Gen<List<Integer>> LOGS =
      lists().of(integers().between(0, 14)).ofSizeBetween(0, 25);

  @Test
  void aTurnIsAsGoodAsAnySplitOfIt() {
    qt().forAll(LOGS, integers().between(0, 25), integers().between(0, 25), booleans().all())
        .checkAssert((log, first, second, commutative) -> {
          int a = Math.min(Math.min(first, second), log.size());
          int b = Math.min(Math.max(first, second), log.size());

          World whole = new World(commutative).settle(slice(log, 0, log.size()));
          World split =
              new World(commutative)
                  .settle(slice(log, 0, a))
                  .settle(slice(log, a, b))
                  .settle(slice(log, b, log.size()));
          World singly = new World(commutative);
          singly(turn(slice(log, 0, log.size()))).forEach(singly::settle);

          assertThat(split).isEqualTo(whole);
          assertThat(singly).isEqualTo(whole);
        });
  }

  @Test
  void whatIsSettledAgainIsKnownAndChangesNothing() {
    qt().forAll(LOGS, booleans().all())
        .checkAssert((log, commutative) -> {
          World once = new World(commutative).settle(slice(log, 0, log.size()));
          var states = Map.copyOf(once.states);
          Counts before = once.counts;

          once.settle(slice(log, 0, log.size()));

          assertThat(once.states).isEqualTo(states);
          assertThat(once.counts.known())
              .isEqualTo(
                  2 * before.known()
                      + before.applied()
                      + before.dead()
                      + before.rejected()
                      + before.parked());
        });
  }

  @Test
  void oneRecordAtATimeCoversExactlyWhatTheTurnCovers() {
    qt().forAll(LOGS, LOGS)
        .checkAssert((left, right) -> {
          Turn<Ledger, Ledger.Input, Added> both =
              new Turn<>(
                  List.of(),
                  List.of(slice(0, left, 0, left.size()), slice(1, right, 0, right.size())));

          List<Turn<Ledger, Ledger.Input, Added>> singles = singly(both);

          var reached = new HashMap<TopicPartition, Long>();
          for (var single : singles) {
            assertThat(single.size()).isLessThanOrEqualTo(1);
            for (Slice<Ledger.Input> slice : single.slices()) {
              assertThat(slice.from()).isEqualTo(reached.getOrDefault(slice.partition(), 0L));
              reached.put(slice.partition(), slice.next());
            }
          }
          both.slices()
              .forEach(slice -> assertThat(reached).containsEntry(slice.partition(), slice.next()));
          assertThat(entries(singles.stream()))
              .containsExactlyInAnyOrderElementsOf(entries(Stream.of(both)));
        });
  }

  @Test
  void itsFirstRecordsAndTheRestCoverExactlyWhatItCovers() {
    qt().forAll(LOGS, integers().between(0, 25))
        .assuming((log, _) -> log.stream().anyMatch(kind -> kind > 0))
        .checkAssert((log, number) -> {
          Slice<Ledger.Input> slice = slice(log, 0, log.size());
          int taken = 1 + number % slice.entries().size();

          Slice<Ledger.Input> first = slice.first(taken);
          Slice<Ledger.Input> rest = slice.without(taken);

          assertThat(first.from()).isZero();
          boolean isWhole = taken == slice.entries().size();
          assertThat(first.next()).isEqualTo(isWhole ? slice.next() : rest.from());
          assertThat(rest.next()).isEqualTo(slice.next());
          assertThat(first.entries()).isEqualTo(slice.entries().subList(0, taken));
          assertThat(rest.entries())
              .isEqualTo(slice.entries().subList(taken, slice.entries().size()));
        });
  }

  @Test
  void itIsTrimmedToWhatIsNotSettledYet() {
    qt().forAll(LOGS, integers().between(0, 30), integers().between(0, 10))
        .checkAssert((log, position, from) -> {
          int start = Math.min(from, log.size());
          var slice = slice(log, start, log.size());

          boolean goesOn = slice.goesOnFrom(Position.at(TOPIC_ID, position));

          assertThat(goesOn).isEqualTo(position >= start && position < log.size());
          if (goesOn) {
            assertThat(slice.from(position)).isEqualTo(slice(log, position, log.size()));
          }
        });
  }

  @Test
  void nothingIsLeftOfAnotherTopic() {
    assertThat(slice(List.of(1, 2, 3), 0, 3).goesOnFrom(Position.at("other", 0))).isFalse();
  }

  private static Turn<Ledger, Ledger.Input, Added> turn(Slice<Ledger.Input> slice) {
    return new Turn<>(List.of(), List.of(slice));
  }

  /// As a turn is settled whose statements fail.
  private static List<Turn<Ledger, Ledger.Input, Added>> singly(
      Turn<Ledger, Ledger.Input, Added> turn) {
    return turn.size() <= 1
        ? List.of(turn)
        : turn.halves().stream().flatMap(half -> singly(half).stream()).toList();
  }

  private static List<Entry<Ledger.Input>> entries(
      Stream<Turn<Ledger, Ledger.Input, Added>> turns) {
    return turns
        .flatMap(turn -> turn.slices().stream())
        .flatMap(slice -> slice.entries().stream())
        .toList();
  }

  private static Slice<Ledger.Input> slice(List<Integer> log, int from, int next) {
    return slice(0, log, from, next);
  }

  private static Slice<Ledger.Input> slice(int partition, List<Integer> log, int from, int next) {
    var entries = new ArrayList<Entry<Ledger.Input>>();
    for (int offset = from; offset < next; offset++) {
      int kind = log.get(offset);
      if (kind > 0) {
        entries.add(entry(partition, offset, kind));
      }
    }
    return new Slice<>(
        new TopicPartition("t", partition), TOPIC_ID, from, next, null, List.copyOf(entries));
  }

  private static Entry<Ledger.Input> entry(int partition, int offset, int kind) {
    String key = kind % 2 == 0 ? "a" : "b";
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    var record = new Place("t", partition, offset, bytes);
    UUID id = LedgerLog.id(kind % 5);
    return switch (kind) {
      case 1, 2, 3, 4, 5, 6 -> decoded(record, id, key, "t" + kind);
      case 7, 8 -> decoded(record, id, key, "no" + kind);
      case 9, 10 -> new Foreign<>(record);
      case 11, 12 -> new Dead<>(record, id, "poison", null, true);
      default -> new Dead<>(record, id, "bug", decoded(record, id, key, "bug" + kind), true);
    };
  }

  private static Decoded<Ledger.Input> decoded(
      ConsumerRecord<byte[], byte[]> record, UUID id, String key, String text) {
    return new Decoded<>(
        record,
        new CloudEvent(id, LedgerStage.TOLD, "test", LedgerLog.TIME, null, null, null),
        Input.to("default", key, new Told(text)));
  }

  /// One that equals another at the same place.
  private static final class Place extends ConsumerRecord<byte[], byte[]> {
    Place(String topic, int partition, long offset, byte[] key) {
      super(topic, partition, offset, key, new byte[0]);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Place place
          && partition() == place.partition()
          && offset() == place.offset();
    }

    @Override
    public int hashCode() {
      return (int) offset();
    }
  }

  /// What Postgres would hold.
  private static final class World {
    private final Stage<Ledger, Ledger.Input, Added> stage;
    private final Map<AggregateId, Stored<Ledger>> states = new HashMap<>();
    private final Map<UUID, String> inbox = new HashMap<>();
    private final Set<String> occupied = new HashSet<>();
    private Counts counts = Counts.NONE;
    private long next;

    World(boolean commutative) {
      LedgerStage ledger = LedgerStage.adding();
      this.stage = (commutative ? ledger : ledger.ordered()).stage();
    }

    World settle(Slice<Ledger.Input> slice) {
      return settle(turn(slice));
    }

    World settle(Turn<Ledger, Ledger.Input, Added> turn) {
      Set<UUID> claimed = new HashSet<>();
      turn.slices()
          .getFirst()
          .entries()
          .forEach(entry -> {
            UUID id = Claims.id(entry);
            if (id != null && !inbox.containsKey(id)) {
              claimed.add(id);
            }
          });
      var fold =
          new Fold<>(
              stage,
              Mode.LIVE,
              new Fold.Reads<Ledger, Ledger.Input>(
                  LedgerLog.TIME,
                  claimed,
                  Map.of(),
                  Loaded.of(states),
                  Set.of(),
                  Map.of(),
                  occupied,
                  Map.of()),
              Map.of(),
              null);
      fold.run(turn);
      Fold.Result<Ledger.Input> result = fold.result();
      assertThat(result.records().culprits()).isEmpty();
      claimed.forEach(id -> inbox.put(id, "applied"));
      result.records().rejected().forEach(id -> inbox.put(id, "rejected"));
      for (Waiting waiting : result.records().waiting()) {
        inbox.put(waiting.id(), waiting.parked() ? "parked" : "dead");
        occupied.addAll(waiting.lanes());
      }
      fold.aggregates().changes().forEach(change -> states.put(change.id(), change.after()));
      result
          .records()
          .advances()
          .values()
          .forEach(advance -> {
            counts = counts.plus(advance.counts());
            next = advance.position().next();
          });
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof World world
          && states.equals(world.states)
          && inbox.equals(world.inbox)
          && occupied.equals(world.occupied)
          && counts.equals(world.counts)
          && next == world.next;
    }

    @Override
    public int hashCode() {
      return states.hashCode();
    }

    @Override
    public String toString() {
      return states + " " + inbox + " " + counts + " " + next;
    }
  }
}
