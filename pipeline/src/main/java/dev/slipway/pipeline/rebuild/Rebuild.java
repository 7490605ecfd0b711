package dev.slipway.pipeline.rebuild;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Shadow;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.rebuild.RebuildCut.Comparison;
import dev.slipway.pipeline.replay.ReplaySource;
import dev.slipway.pipeline.stage.RecordReader;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.pipeline.stage.StageProperties;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

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
  public record Result(long records, Comparison comparison) {}

  /// Folds the log and compares.
  ///
  /// @throws PermanentException when that is not possible: another rebuild of the stage runs, the
  ///   log no longer begins at its beginning, the login may not make schemas
  /// @throws RetryableException when the database, Kafka or the registry is away
  public <S, I, E> Result verify(Stage<S, I, E> stage, Steps steps) {
    stage.prepare();
    short id = database.inStage(transaction -> StagePositions.stageId(transaction, stage.name()));
    try (Shadow shadow =
        Shadow.open(database, "rebuild_" + id)
            .orElseThrow(() ->
                new PermanentException(
                    "another rebuild of %s runs".formatted(stage.name()), null))) {
      RebuildCut cut = RebuildCut.take(shadow, id, stage.states().tables());
      long records = fold(stage, shadow, cut, steps);
      return new Result(records, cut.compare());
    }
  }

  private <S, I, E> long fold(Stage<S, I, E> stage, Shadow shadow, RebuildCut cut, Steps steps) {
    String name = stage.name() + "-rebuild";
    try (var logs = new LogReader(clients.admin(name + "-admin"));
        var source =
            new ReplaySource(
                new KafkaConsumer<>(
                    properties.consumer(clients, name),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()))) {
      Set<TopicPartition> partitions = cut.positions().keySet();
      Map<TopicPartition, Log> found = partitions.isEmpty() ? Map.of() : logs.read(partitions);
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
      return fold.folded();
    }
  }
}
