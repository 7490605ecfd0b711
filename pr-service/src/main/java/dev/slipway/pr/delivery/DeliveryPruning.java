package dev.slipway.pr.delivery;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.retention.PrunedRows;
import dev.slipway.pipeline.retention.Pruning;
import dev.slipway.pipeline.stage.StagePositions;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes rows of deliveries, and by what the inbox knows their records, once the log has let go
/// of those and of every copy of them: a replay finds nothing that it would take for new. What
/// became a dead letter stays: an operator may yet let it in.
///
/// @param kept how long the log is told to keep records
/// @param most how many one transaction deletes
record DeliveryPruning(
    Database database, KafkaClients clients, Clock clock, Duration kept, int most)
    implements Pruning {
  private static final Logger log = LoggerFactory.getLogger(DeliveryPruning.class);

  /// How much longer rows are kept than records: Kafka deletes whole segments, of up to seven days.
  static final Duration AFTER_THE_LOG = Duration.ofDays(15);

  /// How long after a delivery there may be copies of it: GitHub can repeat one for some days.
  private static final Duration COPIES = Duration.ofDays(7);

  @Override
  public long prune(BooleanSupplier isStopping) {
    Instant before = clock.instant().minus(kept).minus(AFTER_THE_LOG);
    Map<TopicPartition, Log> logs = logsWithout(before.plus(COPIES));
    return logs.isEmpty()
        ? 0
        : Pruning.inBatches(
            most,
            isStopping,
            () -> database.inStage(transaction -> batch(transaction, logs, before)));
  }

  /// The partitions as they are; none when they still hold what is older than that.
  private Map<TopicPartition, Log> logsWithout(Instant before) {
    String topic = clients.topicNames().of(Topics.GITHUB_DELIVERIES);
    try (var reader = new LogReader(clients.admin("delivery-pruning"))) {
      Map<TopicPartition, Log> logs = reader.read(reader.partitions(topic));
      if (!reader.anyBegins(logs, before)) {
        return logs;
      }
      log.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("before", before)
          .log(
              "deliveries are not deleted: the topic holds older ones; has `slipway topics apply` run"
                  + " with the same slipway.retention.deliveries?");
      return Map.of();
    }
  }

  private int batch(Transaction transaction, Map<TopicPartition, Log> logs, Instant before) {
    short stage = StagePositions.stageId(transaction, DeliveryStage.NAME);
    List<Old> rows = withoutLetters(transaction, stage, oldest(transaction, logs, before));
    if (rows.isEmpty()) {
      return 0;
    }
    // in the order in which a stage takes its locks
    int _ =
        transaction.update(
            "delete from inbox where stage_id = ? and ce_id = any(?)",
            stage,
            Columns.of(rows, Old::record, UUID[]::new));
    int deleted =
        transaction.update(
            """
            delete from delivery d using unnest(?::text[], ?::uuid[]) as k (tenant, id)
            where d.tenant = k.tenant and d.delivery_id = k.id
            """,
            Columns.of(rows, Old::tenant, String[]::new),
            Columns.of(rows, Old::id, UUID[]::new));
    PrunedRows.note(transaction, "delivery", "received_at", before);
    return deleted;
  }

  /// Those whose record is gone, whatever its time was.
  private List<Old> oldest(Transaction transaction, Map<TopicPartition, Log> logs, Instant before) {
    List<Map.Entry<TopicPartition, Log>> starts = List.copyOf(logs.entrySet());
    return transaction.query(
        """
        select d.tenant, d.delivery_id
        from delivery d join unnest(?::text[], ?::int[], ?::bigint[]) as l (topic, partition, first)
          on l.topic = d.topic and l.partition = d.partition and d.record_offset < l.first
        where d.received_at < ? and d.outcome <> 'DEAD_LETTERED'
        order by d.received_at
        limit ?
        """,
        row ->
            new Old(
                Columns.required(row, "tenant", String.class),
                Columns.required(row, "delivery_id", UUID.class)),
        Columns.of(starts, log -> log.getKey().topic(), String[]::new),
        Columns.of(starts, log -> log.getKey().partition(), Integer[]::new),
        Columns.of(starts, log -> log.getValue().start(), Long[]::new),
        Columns.utc(before),
        most);
  }

  private static List<Old> withoutLetters(Transaction transaction, short stage, List<Old> rows) {
    Set<UUID> letters =
        Set.copyOf(
            transaction.query(
                "select ce_id from dead_letter where stage_id = ? and ce_id = any(?)",
                row -> Columns.required(row, "ce_id", UUID.class),
                stage,
                Columns.of(rows, Old::record, UUID[]::new)));
    return rows.stream().filter(row -> !letters.contains(row.record())).toList();
  }

  private record Old(String tenant, UUID id) {
    UUID record() {
      return Ids.deliveryRecord(tenant, id);
    }
  }
}
