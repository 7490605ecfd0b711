package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/// How far something has come in its sources: a stage, or one replay of it.
///
/// @param table its rows are (owner, topic, partition, topic id, leader epoch, next offset, counts)
/// @param owner the column that says whose row it is
/// @param id value of that column
/// @param noted what else is written with a step, as SQL
public record Positions(String table, String owner, Object id, String noted) {
  /// Of a stage.
  public static Positions ofStage(short stageId) {
    return new Positions("stage_position", "stage_id", stageId, "updated_at = now()");
  }

  /// Reads and locks positions until the transaction ends: whoever holds them is the owner for that
  /// long.
  Answer<List<Map.Entry<TopicPartition, Position>>> lock(
      Flight flight, Collection<TopicPartition> partitions) {
    return flight.query(
        """
        select topic, partition, topic_id, leader_epoch, next_offset from %s
        where %s = ? and (topic, partition) in (select * from unnest(?::text[], ?::int[]))
        order by topic, partition
        for update
        """
            .formatted(table, owner),
        Positions::position,
        id,
        topics(partitions),
        numbers(partitions));
  }

  /// Moves positions on.
  void advance(Flight flight, Map<TopicPartition, Advance> advances) {
    if (advances.isEmpty()) {
      return;
    }
    List<TopicPartition> partitions = List.copyOf(advances.keySet());
    List<Advance> steps = partitions.stream().map(advances::get).toList();
    var _ =
        flight.update(
            """
            update %s p set
              next_offset = a.next_offset, leader_epoch = a.leader_epoch,
              seen = p.seen + a.seen, applied = p.applied + a.applied, known = p.known + a.known,
              foreign_type = p.foreign_type + a.foreign_type, unrouted = p.unrouted + a.unrouted,
              rejected = p.rejected + a.rejected, dead = p.dead + a.dead, parked = p.parked + a.parked, %s
            from unnest(?::text[], ?::int[], ?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[],
              ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])
              as a (topic, partition, next_offset, leader_epoch, seen, applied, known, foreign_type, unrouted,
                rejected, dead, parked, changed)
            where p.%s = ? and p.topic = a.topic and p.partition = a.partition
            """
                .formatted(table, noted, owner),
            topics(partitions),
            numbers(partitions),
            longs(steps, step -> step.position().next()),
            Columns.of(steps, step -> step.position().epoch(), Integer[]::new),
            longs(steps, step -> step.counts().seen()),
            longs(steps, step -> step.counts().applied()),
            longs(steps, step -> step.counts().known()),
            longs(steps, step -> step.counts().foreign()),
            longs(steps, step -> step.counts().unrouted()),
            longs(steps, step -> step.counts().rejected()),
            longs(steps, step -> step.counts().dead()),
            longs(steps, step -> step.counts().parked()),
            longs(steps, Advance::changed),
            id);
  }

  /// Counts otherwise what was counted before; moves nothing on.
  void recount(Flight flight, TopicPartition partition, Counts was, Counts now) {
    var _ =
        flight.update(
            """
            update %s set
              applied = applied + ?, unrouted = unrouted + ?, rejected = rejected + ?, dead = dead + ?,
              parked = parked + ?, updated_at = now()
            where %s = ? and topic = ? and partition = ?
            """
                .formatted(table, owner),
            now.applied() - was.applied(),
            now.unrouted() - was.unrouted(),
            now.rejected() - was.rejected(),
            now.dead() - was.dead(),
            now.parked() - was.parked(),
            id,
            partition.topic(),
            partition.partition());
  }

  static String[] topics(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::topic).toArray(String[]::new);
  }

  static Integer[] numbers(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new);
  }

  private static Long[] longs(List<Advance> steps, ToLongFunction<Advance> field) {
    return steps.stream().mapToLong(field).boxed().toArray(Long[]::new);
  }

  /// The partition of a row.
  public static TopicPartition partition(Readable row) {
    return new TopicPartition(
        Columns.required(row, "topic", String.class),
        Columns.required(row, "partition", Integer.class));
  }

  /// A whole row.
  public static Map.Entry<TopicPartition, Position> position(Readable row) {
    return Map.entry(
        partition(row),
        new Position(
            Columns.required(row, "topic_id", String.class),
            row.get("leader_epoch", Integer.class),
            Columns.required(row, "next_offset", Long.class)));
  }

  /// The counts of a row.
  public static Counts counts(Readable row) {
    return new Counts(
        Columns.required(row, "seen", Long.class),
        Columns.required(row, "applied", Long.class),
        Columns.required(row, "known", Long.class),
        Columns.required(row, "foreign_type", Long.class),
        Columns.required(row, "unrouted", Long.class),
        Columns.required(row, "rejected", Long.class),
        Columns.required(row, "dead", Long.class),
        Columns.required(row, "parked", Long.class));
  }

  /// One partition's step.
  ///
  /// @param position where it is read next
  /// @param counts what became of the records in between
  /// @param changed states that changed, or would have
  record Advance(Position position, Counts counts, long changed) {
    Advance plus(Counts more, long moreChanged) {
      return new Advance(position, counts.plus(more), changed + moreChanged);
    }
  }
}
