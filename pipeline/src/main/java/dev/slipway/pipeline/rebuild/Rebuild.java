package dev.slipway.pipeline.rebuild;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Shadow;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.pipeline.rebuild.RebuildCut.Comparison;
import dev.slipway.pipeline.replay.ReplaySource;
import dev.slipway.pipeline.stage.PastEvents;
import dev.slipway.pipeline.stage.RecordReader;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Works the rows of a stage out anew from its log, in a schema beside the live one, and compares:
/// a job of whoever calls it, of which one runs at a time.
///
/// @param database the service's schema
public record Rebuild(Database database, KafkaClients clients, StageProperties properties) {

  /// What happens between two batches.
  public interface Steps {
    /// Tells how far it is.
    ///
    /// @param records how many were folded
    void at(int percent, long records);

    /// Waits before a batch is tried again; throws the failure when it has waited long enough.
    void await(RetryableException failure);
  }

  /// What came of it.
  ///
  /// @param records how many were folded
  /// @param begins partitions that no longer hold their beginning, and where they begin: rows from
  ///   before were taken as they are. It is then proven that rows hold all that the log says, and
  ///   not that they hold nothing else
  public record Result(long records, Comparison comparison, Map<TopicPartition, Long> begins) {
    public Result {
      begins = Map.copyOf(begins);
    }
  }

  /// Folds the log and compares.
  ///
  /// @throws PermanentException when that is not possible: another rebuild of the stage runs, the
  ///   log no longer begins at its beginning, the login may not make schemas
  /// @throws RetryableException when the database, Kafka or the registry is away
  public <S, I, E> Result verify(Stage<S, I, E> stage, Steps steps) {
    stage.prepare();
    short id = database.inStage(transaction -> StagePositions.stageId(transaction, stage.name()));
    String name = stage.name() + "-rebuild";
    try (Shadow shadow =
            Shadow.open(database, "rebuild_" + id)
                .orElseThrow(() ->
                    new PermanentException(
                        "another rebuild of %s runs".formatted(stage.name()), null));
        var logs = new LogReader(clients.admin(name + "-admin"));
        var source = new ReplaySource(consumer(name))) {
      PastEvents<S, I, E> events = PastEvents.of(stage, shadow.database()).orElse(null);
      return events == null
          ? ofInputs(
              stage,
              RebuildCut.take(shadow, id, stage.states().tables()),
              logs,
              source,
              shadow,
              steps)
          : ofEvents(stage, events, logs, source, shadow, steps);
    }
  }

  private Consumer<byte[], byte[]> consumer(String name) {
    return clients.newConsumer(properties.consumer(clients, name));
  }

  private <S, I, E> Result ofInputs(
      Stage<S, I, E> stage,
      RebuildCut cut,
      LogReader logs,
      ReplaySource source,
      Shadow shadow,
      Steps steps) {
    Set<TopicPartition> partitions = cut.positions().keySet();
    Map<TopicPartition, Log> found = partitions.isEmpty() ? Map.of() : logs.read(partitions);
    Map<TopicPartition, Long> begins = begins(found);
    if (!begins.isEmpty()) {
      requireRetention(stage, logs, found);
      cut.inherit(found);
    }
    var fold =
        RebuildFold.begin(
            stage,
            RecordReader.of(stage, clients.topicNames()),
            shadow.database(),
            cut,
            source,
            found,
            steps);
    fold.run();
    return new Result(fold.folded(), cut.compare(), begins);
  }

  private static Map<TopicPartition, Long> begins(Map<TopicPartition, Log> logs) {
    return logs.entrySet().stream()
        .filter(log -> log.getValue().start() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, log -> log.getValue().start()));
  }

  /// What is missing was let go by a setting, and did not get lost; and what is left may be folded
  /// over rows that are there, because its order does not matter.
  private static void requireRetention(
      Stage<?, ?, ?> stage, LogReader logs, Map<TopicPartition, Log> found) {
    boolean mayBegin =
        stage.isCommutative()
            && found.keySet().stream()
                .map(TopicPartition::topic)
                .distinct()
                .noneMatch(logs::isKeptForEver);
    if (!mayBegin) {
      found.forEach(RebuildFold::requireBeginning);
    }
  }

  private <S, I, E> Result ofEvents(
      Stage<S, I, E> stage,
      PastEvents<S, I, E> events,
      LogReader logs,
      ReplaySource source,
      Shadow shadow,
      Steps steps) {
    // INVARIANT: the log's end is read before the snapshot is taken. What stands before it was
    // committed before it was published, so that it and what the snapshot's outbox holds are the
    // events of the snapshot's rows, all of them and no other.
    Map<TopicPartition, Log> found =
        logs.read(logs.partitions(clients.topicNames().of(events.topic())));
    var cut = RebuildCut.ofEvents(shadow, stage.states().tables(), events.topic().name());
    var fold = RebuildFold.ofEvents(events, source, found, steps);
    fold.run();
    long waiting = foldOutbox(events, cut, steps);
    return new Result(fold.folded() + waiting, cut.compare(), Map.of());
  }

  /// @return how many rows it held
  private static long foldOutbox(PastEvents<?, ?, ?> events, RebuildCut cut, Steps steps) {
    long last = 0;
    long folded = 0;
    while (true) {
      try {
        List<Row> rows = cut.outbox(last);
        if (rows.isEmpty()) {
          return folded;
        }
        events.fold(rows.stream().map(row -> record(events.topic(), row)).toList());
        last = rows.getLast().id();
        folded += rows.size();
      } catch (RetryableException e) {
        steps.await(e);
      }
    }
  }

  /// As it stands, or is going to stand, in the topic.
  private static ConsumerRecord<byte[], byte[]> record(Topic topic, Row row) {
    var record =
        new ConsumerRecord<>(
            topic.name(), 0, 0, row.lane().key().getBytes(StandardCharsets.UTF_8), row.value());
    row.envelope().addTo(record.headers());
    return record;
  }
}
