package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import dev.slipway.pipeline.stage.Entry.Foreign;
import dev.slipway.pipeline.stage.Ledger.Added;
import dev.slipway.pipeline.stage.Ledger.Input.Told;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/// However a log is cut into batches, it comes to the same.
class BatchTest {
  private static final String TOPIC_ID = "id";

  /// What stands at one place of the log. `0` is no record at all, such as a transaction marker;
  /// the kinds of record repeat their ids, so that copies of every kind meet.
  private static final Gen<List<Integer>> LOGS =
      lists().of(integers().between(0, 14)).ofSizeBetween(0, 25);

  @Test
  void aBatchIsAsGoodAsAnySplitOfIt() {
    qt().forAll(LOGS, integers().between(0, 25), integers().between(0, 25))
        .checkAssert((log, first, second) -> {
          int a = Math.min(Math.min(first, second), log.size());
          int b = Math.min(Math.max(first, second), log.size());

          World whole = new World().settle(batch(log, 0, log.size()));
          World split =
              new World()
                  .settle(batch(log, 0, a))
                  .settle(batch(log, a, b))
                  .settle(batch(log, b, log.size()));
          World singly = new World();
          batch(log, 0, log.size()).singly().forEach(singly::settle);

          assertThat(split).isEqualTo(whole);
          assertThat(singly).isEqualTo(whole);
        });
  }

  @Test
  void whatIsSettledAgainIsKnownAndChangesNothing() {
    qt().forAll(LOGS)
        .checkAssert(log -> {
          World once = new World().settle(batch(log, 0, log.size()));
          var states = Map.copyOf(once.states);
          Counts before = once.counts;

          once.settle(batch(log, 0, log.size()));

          assertThat(once.states).isEqualTo(states);
          assertThat(once.counts.known())
              .isEqualTo(2 * before.known() + before.applied() + before.dead() + before.rejected());
        });
  }

  @Test
  void oneRecordAtATimeCoversExactlyWhatTheBatchCovers() {
    qt().forAll(LOGS, LOGS)
        .checkAssert((left, right) -> {
          Batch<String, Ledger.Input> both = both(left, right);

          List<Batch<String, Ledger.Input>> singles = both.singly();

          var reached = new HashMap<TopicPartition, Long>();
          for (var single : singles) {
            assertThat(single.entries()).hasSizeLessThanOrEqualTo(1);
            single
                .spans()
                .forEach((partition, span) -> {
                  assertThat(span.from()).isEqualTo(reached.getOrDefault(partition, 0L));
                  reached.put(partition, span.next());
                });
          }
          both.spans()
              .forEach((partition, span) ->
                  assertThat(reached.getOrDefault(partition, 0L)).isEqualTo(span.next()));
          assertThat(singles.stream().flatMap(single -> single.entries().stream()).toList())
              .isEqualTo(both.entries());
        });
  }

  @Test
  void itIsTrimmedToWhatIsNotSettledYet() {
    qt().forAll(LOGS, integers().between(0, 30), integers().between(0, 10))
        .checkAssert((log, position, from) -> {
          int start = Math.min(from, log.size());
          var batch = batch(log, start, log.size());

          var trimmed = batch.trimmedTo(Map.of(partition(0), new Stored(TOPIC_ID, position)));

          boolean goesOn = position >= start && position < log.size();
          assertThat(trimmed.spans())
              .isEqualTo(
                  goesOn
                      ? Map.of(partition(0), new Span(TOPIC_ID, position, log.size()))
                      : Map.of());
          assertThat(trimmed.entries())
              .isEqualTo(
                  goesOn
                      ? batch.entries().stream()
                          .filter(entry -> entry.record().offset() >= position)
                          .toList()
                      : List.of());
        });
  }

  @Test
  void nothingIsLeftOfAnotherTopicOrOfAPartitionWithoutPosition() {
    var batch = batch(List.of(1, 2, 3), 0, 3);
    Batch<String, Ledger.Input> nothing = new Batch<>(Map.of(), List.of());

    assertThat(batch.trimmedTo(Map.of(partition(0), new Stored("other", 0)))).isEqualTo(nothing);
    assertThat(batch.trimmedTo(Map.of())).isEqualTo(nothing);
  }

  private static TopicPartition partition(int partition) {
    return new TopicPartition("t", partition);
  }

  private static Batch<String, Ledger.Input> batch(List<Integer> log, int from, int next) {
    return new Batch<>(
        from < next ? Map.of(partition(0), new Span(TOPIC_ID, from, next)) : Map.of(),
        entries(0, log, from, next));
  }

  private static Batch<String, Ledger.Input> both(List<Integer> left, List<Integer> right) {
    var spans = new HashMap<TopicPartition, Span>();
    var entries = new ArrayList<Entry<String, Ledger.Input>>();
    List<List<Integer>> logs = List.of(left, right);
    for (int partition = 0; partition < logs.size(); partition++) {
      int size = logs.get(partition).size();
      if (size > 0) {
        spans.put(partition(partition), new Span(TOPIC_ID, 0, size));
        entries.addAll(entries(partition, logs.get(partition), 0, size));
      }
    }
    return new Batch<>(spans, entries);
  }

  private static List<Entry<String, Ledger.Input>> entries(
      int partition, List<Integer> log, int from, int next) {
    var entries = new ArrayList<Entry<String, Ledger.Input>>();
    for (int offset = from; offset < next; offset++) {
      int kind = log.get(offset);
      if (kind > 0) {
        entries.add(entry(partition, offset, kind));
      }
    }
    return entries;
  }

  private static Entry<String, Ledger.Input> entry(int partition, int offset, int kind) {
    var record = new ConsumerRecord<>("t", partition, offset, new byte[0], new byte[0]);
    UUID id = LedgerLog.id(kind % 5);
    String key = kind % 2 == 0 ? "a" : "b";
    return switch (kind) {
      case 1, 2, 3, 4, 5, 6 -> new Decoded<>(record, new Input<>(id, key, new Told("t" + kind)));
      case 7, 8 -> new Decoded<>(record, new Input<>(id, key, new Told("no" + kind)));
      case 9, 10 -> new Foreign<>(record);
      case 11, 12 -> new Dead<>(record, id, "poison", null);
      default -> new Dead<>(record, id, "bug", new Input<>(id, key, new Told("bug" + kind)));
    };
  }

  /// What Postgres would hold.
  private static final class World {
    private final LedgerStage stage = LedgerStage.adding();
    private final Map<String, Ledger> states = new HashMap<>();
    private final Set<UUID> inbox = new HashSet<>();
    private Counts counts = Counts.NONE;
    private long next;

    World settle(Batch<String, Ledger.Input> batch) {
      var claimed = new HashSet<UUID>();
      for (Entry<String, Ledger.Input> entry : batch.entries()) {
        switch (entry) {
          case Decoded<String, Ledger.Input>(_, var input) -> claimed.add(input.id());
          case Dead<String, Ledger.Input>(_, var id, _, _) -> claimed.add(id);
          case Foreign<String, Ledger.Input> _ -> {}
        }
      }
      claimed.removeAll(inbox);
      Fold.Result<String, Ledger, Ledger.Input> result =
          Fold.<String, Ledger, Ledger.Input, Added>of(
              stage, batch, claimed, Map.copyOf(states), false);
      inbox.addAll(claimed);
      result.changed().forEach((name, change) -> states.put(name, change.after()));
      result
          .advances()
          .values()
          .forEach(advance -> {
            counts = counts.plus(advance.counts());
            next = advance.next();
          });
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof World world
          && states.equals(world.states)
          && inbox.equals(world.inbox)
          && counts.equals(world.counts)
          && next == world.next;
    }

    @Override
    public int hashCode() {
      return states.hashCode();
    }

    @Override
    public String toString() {
      return states + " " + counts + " " + next;
    }
  }
}
