package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.TopicNames;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Table `outbox`.
public final class Outbox {
  private Outbox() {}

  /// Puts records down, in this order; they are published after the commit.
  public static void append(Flight flight, List<OutboxRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    var _ =
        flight.update(
            """
            insert into outbox (
              topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent,
              value)
            select topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence,
              traceparent, value
            from unnest(
              ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::text[],
              ?::bigint[], ?::text[], ?::bytea[])
            with ordinality as t (
              topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent,
              value, n)
            order by n
            """,
            Columns.of(records, row -> row.topic().name(), String[]::new),
            Columns.of(records, OutboxRecord::tenant, String[]::new),
            Columns.of(records, OutboxRecord::key, String[]::new),
            Columns.of(records, row -> row.envelope().id(), UUID[]::new),
            Columns.of(records, row -> row.envelope().type(), String[]::new),
            Columns.of(records, row -> row.envelope().source(), String[]::new),
            Columns.of(records, row -> row.envelope().time(), Instant[]::new),
            Columns.of(records, row -> row.envelope().subject(), String[]::new),
            Columns.of(records, row -> row.envelope().sequence(), Long[]::new),
            Columns.of(records, row -> row.envelope().traceparent(), String[]::new),
            Columns.of(records, OutboxRecord::value, byte[][]::new));
  }

  /// A row.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would cost
  public record Row(long id, Lane lane, CloudEvent envelope, byte[] value) {
    /// What is published of it.
    ProducerRecord<byte[], byte[]> record(TopicNames names) {
      var record =
          new ProducerRecord<>(
              names.prefix() + lane.topic(), lane.key().getBytes(StandardCharsets.UTF_8), value);
      envelope.addTo(record.headers());
      return record;
    }

    /// As what it is published.
    Published published() {
      return new Published(id, envelope.id());
    }
  }

  /// What keeps its order: the records of one tenant's key in one topic.
  ///
  /// @param topic its name without the installation's prefix
  public record Lane(String topic, String tenant, String key) {}

  /// A row that was published.
  ///
  /// @param recordId its `ce_id`: the row of that id in another database is another; null when
  ///   nobody wrote it down
  record Published(long id, @Nullable UUID recordId) {}

  /// Marks what was published, then reads the first rows that wait, in the order of their ids: all
  /// in one round trip. Always from the lowest: an id is given out before its commit, so a lower
  /// one may appear later.
  ///
  /// @param maxBytes most bytes of values; one larger row still comes, alone
  /// @param without whose rows are left out
  static List<Row> markAndRead(
      Transaction transaction,
      List<Published> published,
      int maxRows,
      long maxBytes,
      Collection<Lane> without) {
    return transaction
        .send(flight -> {
          mark(flight, published);
          return waiting(flight, maxRows, maxBytes, without);
        })
        .get();
  }

  private static Answer<List<Row>> waiting(
      Flight flight, int maxRows, long maxBytes, Collection<Lane> without) {
    return flight.query(
        """
        select outbox_id, topic, tenant, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence,
          traceparent, value
        from (
          select *, sum(octet_length(value)) over (order by outbox_id) - octet_length(value) as bytes_before
          from (
            select * from outbox
            where published_at is null
              and (topic, tenant, record_key) not in (select * from unnest(?::text[], ?::text[], ?::text[]))
            order by outbox_id
            limit ?) first_rows) counted
        where bytes_before < ?
        order by outbox_id
        """,
        Outbox::row,
        Columns.of(without, Lane::topic, String[]::new),
        Columns.of(without, Lane::tenant, String[]::new),
        Columns.of(without, Lane::key, String[]::new),
        maxRows,
        maxBytes);
  }

  /// Rows of a copy of the table, published or not, in the order of their ids.
  ///
  /// @param after the id behind which they begin
  public static List<Row> copied(Transaction transaction, String copy, long after, int most) {
    return transaction.query(
        "select * from %s where outbox_id > ? order by outbox_id limit ?".formatted(copy),
        Outbox::row,
        after,
        most);
  }

  private static Row row(Readable row) {
    return new Row(
        Columns.required(row, "outbox_id", Long.class),
        new Lane(
            Columns.required(row, "topic", String.class),
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "record_key", String.class)),
        new CloudEvent(
            Columns.required(row, "ce_id", UUID.class),
            Columns.required(row, "ce_type", String.class),
            Columns.required(row, "ce_source", String.class),
            Columns.required(row, "ce_time", Instant.class),
            row.get("ce_subject", String.class),
            row.get("ce_sequence", Long.class),
            row.get("traceparent", String.class)),
        Columns.required(row, "value", byte[].class));
  }

  /// Marks exactly these rows as published.
  static void mark(Flight flight, List<Published> rows) {
    if (rows.isEmpty()) {
      return;
    }
    var _ =
        flight.update(
            """
            update outbox set published_at = now()
            from unnest(?::bigint[], ?::uuid[]) as done (id, ce_id)
            where outbox_id = done.id and outbox.ce_id = coalesce(done.ce_id, outbox.ce_id)
              and published_at is null
            """,
            Columns.of(rows, Published::id, Long[]::new),
            Columns.of(rows, Published::recordId, UUID[]::new));
  }

  /// Lets rows wait again that were published shortly before the newest of all.
  ///
  /// @return how many
  static int unmark(Transaction transaction, Duration before) {
    return transaction.update(
        """
        update outbox set published_at = null
        where published_at >= (select max(published_at) from outbox) - make_interval(secs => ?)
        """,
        (double) before.toSeconds());
  }

  /// How many rows wait, counted up to `most`.
  static long count(Transaction transaction, int most) {
    return transaction
        .query(
            "select count(*) as n from (select from outbox where published_at is null limit ?) w",
            row -> Columns.required(row, "n", Long.class),
            most)
        .getFirst();
  }

  /// Deletes rows that were published long ago, the oldest first.
  ///
  /// @return how many
  static int sweep(Transaction transaction, Duration kept, int most) {
    return transaction.update(
        """
        delete from outbox where outbox_id in (
          select outbox_id from outbox
          where published_at < now() - make_interval(secs => ?)
          order by published_at
          limit ?)
        """,
        (double) kept.toSeconds(),
        most);
  }
}
