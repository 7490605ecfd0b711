package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
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
import org.apache.kafka.common.TopicPartition;
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

  /// A record whose turn has come.
  ///
  /// @param id its `ce_id`, or its place in the log when it has none
  /// @param parked whether it was never tried: it waited behind another
  record Head(UUID id, TopicPartition partition, String topicId, long offset, boolean parked) {
    String status() {
      return parked ? "PARKED" : "REQUEUED";
    }
  }

  /// Records that were requeued, and those that were parked, as far as nothing stands before them
  /// in any of their lanes; in the order in which they came.
  List<Head> heads(Transaction transaction, int most) {
    return transaction.query(
        """
        with first as (
          select lane, min(letter_no) as letter_no from dead_letter, unnest(lanes) as lane
          where stage_id = ? group by lane)
        select ce_id, topic, partition, topic_id, record_offset, status from dead_letter d
        where stage_id = ? and status <> 'DEAD'
          and not exists (
            select from unnest(d.lanes) as k (lane) join first f using (lane)
            where f.letter_no < d.letter_no)
        order by letter_no
        limit ?
        """,
        row ->
            new Head(
                Columns.required(row, "ce_id", UUID.class),
                Positions.partition(row),
                Columns.required(row, "topic_id", String.class),
                Columns.required(row, "record_offset", Long.class),
                Columns.required(row, "status", String.class).equals("PARKED")),
        stageId,
        stageId,
        most);
  }

  /// Locks the row of a record that waits, if it is still there.
  void lock(Flight flight, Head head) {
    var _ =
        flight.query(
            "select 1 as n from dead_letter where stage_id = ? and ce_id = ? for update",
            row -> Columns.required(row, "n", Integer.class),
            stageId,
            head.id());
  }

  /// It is dead, again or for the first time.
  ///
  /// @return how many rows are: none when it was discarded meanwhile
  Answer<Integer> dead(Flight flight, Head head, String cause) {
    return flight.update(
        """
        update dead_letter set status = 'DEAD', cause = ?
        where stage_id = ? and ce_id = ? and status = ?
        """,
        cause,
        stageId,
        head.id(),
        head.status());
  }

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
                stage_id, ce_id, topic, partition, topic_id, record_offset, status, lanes, cause, ce_type, tenant,
                key, value_bytes, headers)
              select ?, id, topic, partition, topic_id, record_offset, status, lanes::text[], cause, ce_type, tenant,
                key, value_bytes, headers::jsonb
              from unnest(
                ?::uuid[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                ?::text[], ?::text[], ?::int[], ?::text[])
                with ordinality as k (id, topic, partition, topic_id, record_offset, status, lanes, cause, ce_type,
                  tenant, key, value_bytes, headers, n)
              order by n
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
              Columns.of(rows, row -> LetterHeader.type(row.record()), String[]::new),
              Columns.of(
                  rows,
                  row -> row.aggregate() == null ? null : row.aggregate().tenant(),
                  String[]::new),
              Columns.of(
                  rows,
                  row -> row.aggregate() == null ? null : row.aggregate().key(),
                  String[]::new),
              Columns.of(
                  rows, row -> Math.max(0, row.record().serializedValueSize()), Integer[]::new),
              Columns.of(rows, row -> LetterHeader.json(row.record()), String[]::new));
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
