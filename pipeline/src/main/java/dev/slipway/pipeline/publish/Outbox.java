package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.kafka.CloudEvent;
import io.r2dbc.spi.Readable;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `outbox`.
public final class Outbox {
  private Outbox() {}

  /// Puts records down, in this order; they are published after the commit.
  public static Write append(List<OutboxRecord> records) {
    // The driver knows no array of bytea: all values are one, which Postgres cuts up again.
    var values = new ByteArrayOutputStream();
    Integer[] starts = new Integer[records.size()];
    Integer[] sizes = new Integer[records.size()];
    for (int row = 0; row < starts.length; row++) {
      byte[] value = records.get(row).value();
      starts[row] = values.size() + 1; // SQL counts from one
      sizes[row] = value.length;
      values.writeBytes(value);
    }
    return Write.of(
        """
        insert into outbox (
          topic, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent, value)
        select topic, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent,
          substring($10 from value_start for value_size)
        from unnest(
          $1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
          $8::bigint[], $9::text[], $11::int[], $12::int[])
        with ordinality as t (
          topic, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence, traceparent,
          value_start, value_size, n)
        order by n
        """,
        Columns.of(records, row -> row.topic().name(), String[]::new),
        Columns.of(records, OutboxRecord::key, String[]::new),
        Columns.of(records, row -> row.envelope().id(), UUID[]::new),
        Columns.of(records, row -> row.envelope().type(), String[]::new),
        Columns.of(records, row -> row.envelope().source(), String[]::new),
        Columns.of(records, row -> Columns.utc(row.envelope().time()), OffsetDateTime[]::new),
        Columns.of(records, row -> row.envelope().subject(), String[]::new),
        Columns.of(records, row -> row.envelope().sequence(), Long[]::new),
        Columns.of(records, row -> row.envelope().traceparent(), String[]::new),
        values.toByteArray(),
        starts,
        sizes);
  }

  /// A row that waits.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would cost
  record Row(long id, Lane lane, CloudEvent envelope, byte[] value) {}

  /// What keeps its order: the records of one key in one topic.
  ///
  /// @param topic its name without the installation's prefix
  record Lane(String topic, String key) {}

  /// The first rows that wait, in the order of their ids. Always from the lowest: an id is given
  /// out before its commit, so a lower one may appear later.
  ///
  /// @param maxBytes most bytes of values; one larger row still comes, alone
  /// @param without whose rows are left out
  static Mono<List<Row>> waiting(
      DatabaseClient client, int maxRows, long maxBytes, Collection<Lane> without) {
    return client
        .sql(
            """
            select outbox_id, topic, record_key, ce_id, ce_type, ce_source, ce_time, ce_subject, ce_sequence,
              traceparent, value
            from (
              select *, sum(octet_length(value)) over (order by outbox_id) - octet_length(value) as bytes_before
              from (
                select * from outbox
                where published_at is null
                  and (cardinality($3::text[]) = 0
                    or (topic, record_key) not in (select * from unnest($3::text[], $4::text[])))
                order by outbox_id
                limit $1) first_rows) counted
            where bytes_before < $2
            order by outbox_id
            """)
        .bind(0, maxRows)
        .bind(1, maxBytes)
        .bind(2, without.stream().map(Lane::topic).toArray(String[]::new))
        .bind(3, without.stream().map(Lane::key).toArray(String[]::new))
        .map(Outbox::row)
        .all()
        .collectList();
  }

  private static Row row(Readable row) {
    return new Row(
        Columns.required(row, "outbox_id", Long.class),
        new Lane(
            Columns.required(row, "topic", String.class),
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
  static Mono<Void> mark(DatabaseClient client, Collection<Long> ids) {
    if (ids.isEmpty()) {
      return Mono.empty();
    }
    return client
        .sql(
            """
            update outbox set published_at = now()
            where outbox_id = any($1) and published_at is null
            """)
        .bind(0, ids.toArray(Long[]::new))
        .then();
  }

  /// How many rows wait, counted up to `most`.
  static Mono<Long> count(DatabaseClient client, int most) {
    return client
        .sql("select count(*) as n from (select from outbox where published_at is null limit $1) w")
        .bind(0, most)
        .map(row -> Columns.required(row, "n", Long.class))
        .one();
  }

  /// Deletes rows that were published long ago, the oldest first.
  ///
  /// @return how many
  static Mono<Long> sweep(DatabaseClient client, Duration kept, int most) {
    return client
        .sql(
            """
            delete from outbox where outbox_id in (
              select outbox_id from outbox
              where published_at < now() - make_interval(secs => $1)
              order by published_at
              limit $2)
            """)
        .bind(0, (double) kept.toSeconds())
        .bind(1, most)
        .fetch()
        .rowsUpdated();
  }
}
