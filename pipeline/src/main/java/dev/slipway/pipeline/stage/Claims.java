package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.stage.DeadLetterRows.Head;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What makes an input ours to decide, once: the inbox row of a record, the row of a request's
/// idempotency key. Sorted by id, so that two claims never deadlock; each waits for a transaction
/// that is claiming the same.
final class Claims {
  private final short stageId;

  Claims(short stageId) {
    this.stageId = stageId;
  }

  /// Claims records that nobody has claimed before, as far as the locked positions admit them.
  ///
  /// @return the ids that are ours
  Answer<List<UUID>> records(Flight flight, Positions positions, List<? extends Slice<?>> slices) {
    var asked = new TreeMap<UUID, Asked>();
    for (Slice<?> slice : slices) {
      for (Entry<?> entry : slice.entries()) {
        UUID id = id(entry);
        if (id != null) {
          asked.putIfAbsent(id, new Asked(slice, entry, id));
        }
      }
    }
    Collection<Asked> rows = asked.values();
    return flight.query(
        """
        insert into inbox (stage_id, ce_id, status)
        select ?, k.id, k.status::inbox_status
        from unnest(?::uuid[], ?::text[], ?::text[], ?::int[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
          as k (id, status, topic, partition, topic_id, from_offset, next_offset, record_offset)
        join %s p on p.%s = ? and p.topic = k.topic and p.partition = k.partition and p.topic_id = k.topic_id
          and p.next_offset >= k.from_offset and p.next_offset < k.next_offset
          and p.next_offset <= k.record_offset
        order by k.id
        on conflict do nothing
        returning ce_id
        """
            .formatted(positions.table(), positions.owner()),
        row -> Columns.required(row, "ce_id", UUID.class),
        stageId,
        Columns.of(rows, Asked::id, UUID[]::new),
        Columns.of(
            rows, row -> row.entry instanceof Entry.Dead ? "dead" : "applied", String[]::new),
        Columns.of(rows, row -> row.slice.partition().topic(), String[]::new),
        Columns.of(rows, row -> row.slice.partition().partition(), Integer[]::new),
        Columns.of(rows, row -> row.slice.topicId(), String[]::new),
        Columns.of(rows, row -> row.slice.from(), Long[]::new),
        Columns.of(rows, row -> row.slice.next(), Long[]::new),
        Columns.of(rows, row -> row.entry.record().offset(), Long[]::new),
        positions.id());
  }

  private record Asked(Slice<?> slice, Entry<?> entry, UUID id) {}

  /// Claims a record that waited, whose row in `dead_letter` is locked: nobody has settled it or
  /// discarded it meanwhile.
  ///
  /// @return its id; nothing when somebody has
  Answer<List<UUID>> waiting(Flight flight, Head head, Entry<?> entry) {
    return flight.query(
        """
        update inbox i set status = ?::inbox_status
        where stage_id = ? and ce_id = ? and status in ('dead', 'parked')
          and exists (
            select from dead_letter d
            where d.stage_id = i.stage_id and d.ce_id = i.ce_id and d.status = ?)
        returning ce_id
        """,
        row -> Columns.required(row, "ce_id", UUID.class),
        entry instanceof Entry.Dead ? "dead" : "applied",
        stageId,
        head.id(),
        head.status());
  }

  /// The id of a record that can be claimed.
  ///
  /// @return null for one of a type that this build does not know
  static @Nullable UUID id(Entry<?> entry) {
    return switch (entry) {
      case Entry.Decoded<?> decoded -> decoded.id();
      case Entry.Dead<?> dead -> dead.id();
      case Entry.Foreign<?> _ -> null;
    };
  }

  /// Puts down what became of records, whatever was put down before.
  void put(Flight flight, Map<UUID, String> statuses) {
    if (!statuses.isEmpty()) {
      var sorted = new TreeMap<>(statuses);
      var _ =
          flight.update(
              """
              insert into inbox (stage_id, ce_id, status)
              select ?, id, status::inbox_status from unnest(?::uuid[], ?::text[]) as k (id, status)
              on conflict (stage_id, ce_id) do update set status = excluded.status
              """,
              stageId,
              sorted.keySet().toArray(UUID[]::new),
              sorted.values().toArray(String[]::new));
    }
  }

  /// Gives back what was claimed in this transaction and is not decided in it.
  void giveBack(Flight flight, Collection<UUID> records, Collection<UUID> requests) {
    if (!records.isEmpty()) {
      var _ =
          flight.update(
              "delete from inbox where stage_id = ? and ce_id = any(?)",
              stageId,
              records.toArray(UUID[]::new));
    }
    if (!requests.isEmpty()) {
      var _ =
          flight.update(
              "delete from http_request where key_id = any(?) and status is null",
              (Object) requests.toArray(UUID[]::new));
    }
  }

  /// Which of these records are in the inbox already.
  ///
  /// @param dead only those that are there as dead
  Answer<List<UUID>> known(Flight flight, Collection<UUID> ids, boolean dead) {
    return flight.query(
        """
        select ce_id from inbox
        where stage_id = ? and ce_id = any(?) and (not ? or status = 'dead')
        """,
        row -> Columns.required(row, "ce_id", UUID.class),
        stageId,
        ids.toArray(UUID[]::new),
        dead);
  }

  /// Claims idempotency keys, and reads what was answered under those that are another's.
  ///
  /// @param asked the id that was drawn for each request, and its key
  Answer<List<KnownRequest>> requests(Flight flight, Map<UUID, Request.Key> asked) {
    List<Map.Entry<UUID, Request.Key>> rows = new ArrayList<>(asked.entrySet());
    rows.sort((one, other) -> one.getValue().id().compareTo(other.getValue().id()));
    UUID[] keys = rows.stream().map(row -> row.getValue().id()).toArray(UUID[]::new);
    var _ =
        flight.update(
            """
            insert into http_request (key_id, request_id, tenant, body_sha256)
            select key_id, request_id, tenant, decode(digest, 'hex')
            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[]) with ordinality
              as k (key_id, request_id, tenant, digest, n)
            order by n
            on conflict do nothing
            """,
            keys,
            rows.stream().map(Map.Entry::getKey).toArray(UUID[]::new),
            rows.stream().map(row -> row.getValue().tenant()).toArray(String[]::new),
            rows.stream()
                .map(row -> HexFormat.of().formatHex(row.getValue().bodySha256()))
                .toArray(String[]::new));
    return flight.query(
        """
        select key_id, request_id, body_sha256, status, location, body from http_request
        where key_id = any(?)
        """,
        row ->
            new KnownRequest(
                Columns.required(row, "key_id", UUID.class),
                Columns.required(row, "request_id", UUID.class),
                Columns.required(row, "body_sha256", byte[].class),
                row.get("status", Short.class),
                row.get("location", String.class),
                row.get("body", String.class)),
        (Object) keys);
  }

  /// Puts down the answers of requests that were claimed in this transaction.
  void answer(Flight flight, Map<UUID, Request.Answer> answers) {
    if (!answers.isEmpty()) {
      List<Map.Entry<UUID, Request.Answer>> rows = List.copyOf(answers.entrySet());
      var _ =
          flight.update(
              """
              update http_request r set status = a.status, location = a.location, body = a.body
              from unnest(?::uuid[], ?::int[], ?::text[], ?::text[]) as a (key_id, status, location, body)
              where r.key_id = a.key_id
              """,
              rows.stream().map(Map.Entry::getKey).toArray(UUID[]::new),
              rows.stream().map(row -> row.getValue().status()).toArray(Integer[]::new),
              Columns.of(rows, row -> row.getValue().location(), String[]::new),
              rows.stream().map(row -> row.getValue().body()).toArray(String[]::new));
    }
  }

  /// What is known of a request under some key.
  ///
  /// @param status null when it was claimed in this very transaction
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  record KnownRequest(
      UUID keyId,
      UUID requestId,
      byte[] digest,
      @Nullable Short status,
      @Nullable String location,
      @Nullable String body) {
    /// The first one's answer.
    Request.@Nullable Answer answer() {
      return status == null || body == null ? null : new Request.Answer(status, location, body);
    }
  }
}
