package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Table `dead_letter`. What keeps its order is a *lane*: an aggregate, or the key of a record that
/// could not be read. In an ordered stage a record whose lane has a row here waits behind it.
final class DeadLetterRows {
  private static final int LONGEST_KEY = 200;

  private final short stageId;

  DeadLetterRows(short stageId) {
    this.stageId = stageId;
  }

  /// A record that waits.
  ///
  /// @param cause what is wrong with it, for people
  /// @param aggregate null when nobody knows
  record Waiting(
      UUID id,
      ConsumerRecord<byte[], byte[]> record,
      String topicId,
      boolean parked,
      Set<String> lanes,
      String cause,
      @Nullable AggregateId aggregate) {}

  /// The lane of an aggregate.
  static String lane(AggregateId id) {
    return lane("a|" + id.tenant() + "|", id.key());
  }

  /// The lane of a record by its own key.
  static String lane(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return lane("r|" + record.topic() + "|", key == null ? "" : HexFormat.of().formatHex(key));
  }

  /// A key may be larger than what an index takes, and somebody else chose it.
  private static String lane(String kind, String key) {
    return kind + (key.length() <= LONGEST_KEY ? key : "#" + sha256(key));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// In which of these lanes something waits.
  Answer<List<String>> occupied(Flight flight, Collection<String> lanes) {
    return flight.query(
        """
        select distinct lane from dead_letter, unnest(lanes) as lane
        where stage_id = ? and lanes && ?
        """,
        row -> Columns.required(row, "lane", String.class),
        stageId,
        lanes.toArray(String[]::new));
  }

  /// Puts down records that wait.
  void put(Flight flight, List<Waiting> rows) {
    if (!rows.isEmpty()) {
      var _ =
          flight.update(
              """
              insert into dead_letter (
                stage_id, ce_id, topic, partition, topic_id, record_offset, status, lanes, cause, tenant, key)
              select ?, id, topic, partition, topic_id, record_offset, status, lanes::text[], cause, tenant, key
              from unnest(
                ?::uuid[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[])
                as k (id, topic, partition, topic_id, record_offset, status, lanes, cause, tenant, key)
              on conflict (stage_id, ce_id) do update set status = excluded.status, cause = excluded.cause
              """,
              stageId,
              Columns.of(rows, Waiting::id, UUID[]::new),
              Columns.of(rows, row -> row.record().topic(), String[]::new),
              Columns.of(rows, row -> row.record().partition(), Integer[]::new),
              Columns.of(rows, Waiting::topicId, String[]::new),
              Columns.of(rows, row -> row.record().offset(), Long[]::new),
              Columns.of(rows, row -> row.parked() ? "PARKED" : "DEAD", String[]::new),
              Columns.of(rows, row -> array(row.lanes()), String[]::new),
              Columns.of(rows, Waiting::cause, String[]::new),
              Columns.of(
                  rows,
                  row -> row.aggregate() == null ? null : row.aggregate().tenant(),
                  String[]::new),
              Columns.of(
                  rows,
                  row -> row.aggregate() == null ? null : row.aggregate().key(),
                  String[]::new));
    }
  }

  /// Removes records that wait no longer.
  void remove(Flight flight, Collection<UUID> ids) {
    if (!ids.isEmpty()) {
      var _ =
          flight.update(
              "delete from dead_letter where stage_id = ? and ce_id = any(?)",
              stageId,
              ids.toArray(UUID[]::new));
    }
  }

  /// An array within an array is no array of arrays in Postgres.
  private static String array(Set<String> lanes) {
    var text = new StringBuilder("{");
    for (String lane : new TreeSet<>(lanes)) {
      text.append(text.length() > 1 ? "," : "")
          .append('"')
          .append(lane.replace("\\", "\\\\").replace("\"", "\\\""))
          .append('"');
    }
    return text.append('}').toString();
  }
}
