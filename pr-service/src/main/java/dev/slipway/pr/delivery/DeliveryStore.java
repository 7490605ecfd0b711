package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pipeline.stage.StateTable;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Observed;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.pullrequest.Fact;
import dev.slipway.pr.pullrequest.Reading;
import dev.slipway.pr.pullrequest.Repository;
import dev.slipway.pr.pullrequest.RepositoryKey;
import dev.slipway.pr.pullrequest.RepositoryStore;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `delivery`, and the repositories that deliveries tell of.
final class DeliveryStore implements StateStore<RepositoryKey, DeliveryState, DeliveryInput> {

  @Override
  public Mono<Map<RepositoryKey, DeliveryState>> lock(
      DatabaseClient client, SortedMap<RepositoryKey, List<DeliveryInput>> inputs) {
    var facts = new TreeMap<RepositoryKey, List<Fact>>();
    var keys = new LinkedHashSet<Key>();
    inputs.forEach((key, told) -> {
      facts.put(key, told.stream().flatMap(DeliveryStore::facts).toList());
      told.stream().flatMap(DeliveryStore::webhooks).map(Key::of).forEach(keys::add);
    });
    return RepositoryStore.lock(client, facts)
        .flatMap(
            repositories -> known(client, keys).map(known -> states(inputs, repositories, known)));
  }

  private static Map<RepositoryKey, DeliveryState> states(
      SortedMap<RepositoryKey, List<DeliveryInput>> inputs,
      Map<RepositoryKey, Repository> repositories,
      Map<Key, Recorded> known) {
    Map<RepositoryKey, DeliveryState> states = new HashMap<>();
    inputs.forEach((key, told) -> {
      Map<DeliveryId, Recorded> own = new HashMap<>();
      told.stream()
          .flatMap(DeliveryStore::webhooks)
          .forEach(webhook -> {
            Recorded recorded = known.get(Key.of(webhook));
            if (recorded != null) {
              own.put(webhook.id(), recorded);
            }
          });
      states.put(
          key,
          new DeliveryState(
              HashTreePMap.from(own), repositories.getOrDefault(key, Repository.UNKNOWN)));
    });
    return states;
  }

  private static Stream<Fact> facts(DeliveryInput input) {
    Reading reading =
        switch (input) {
          case Received(_, _, var read) -> read;
          case Observed(_, _, var read) -> read;
          case DeadLettered _ -> new Reading.Facts(List.of());
        };
    return reading instanceof Reading.Facts(var facts) ? facts.stream() : Stream.of();
  }

  private static Stream<Webhook> webhooks(DeliveryInput input) {
    return switch (input) {
      case Received(var webhook, _, _) -> Stream.of(webhook);
      case DeadLettered(var webhook) -> Stream.of(webhook);
      case Observed _ -> Stream.of();
    };
  }

  /// The lock of their repository covers them.
  private static Mono<Map<Key, Recorded>> known(DatabaseClient client, Set<Key> keys) {
    return client
        .sql(
            """
            select d.* from delivery d
            join unnest($1::text[], $2::uuid[]) as k (tenant, delivery_id) using (tenant, delivery_id)
            """)
        .bind(0, Columns.of(keys, Key::tenant, String[]::new))
        .bind(1, Columns.of(keys, key -> key.id().value(), UUID[]::new))
        .map(DeliveryStore::recorded)
        .all()
        .collectMap(recorded -> Key.of(recorded.webhook()));
  }

  /// A copy has the body of the first, unless somebody makes one up under its id.
  @Override
  public Mono<List<DeliveryInput>> differing(DatabaseClient client, List<DeliveryInput> repeats) {
    List<Received> copies =
        repeats.stream().filter(Received.class::isInstance).map(Received.class::cast).toList();
    if (copies.isEmpty()) {
      return Mono.just(List.of());
    }
    return client
        .sql(
            """
            select k.n::int as n
            from unnest($1::text[], $2::uuid[], $3::text[]) with ordinality as k (tenant, delivery_id, body_sha256, n)
            join delivery d using (tenant, delivery_id)
            where d.body_sha256 <> decode(k.body_sha256, 'hex')
            """)
        .bind(0, Columns.of(copies, copy -> copy.webhook().tenant(), String[]::new))
        .bind(1, Columns.of(copies, copy -> copy.webhook().id().value(), UUID[]::new))
        .bind(2, Columns.of(copies, copy -> copy.webhook().body().sha256(), String[]::new))
        .map(row -> (DeliveryInput) copies.get(Columns.required(row, "n", Integer.class) - 1))
        .all()
        .collectList();
  }

  @Override
  public Mono<Void> write(
      DatabaseClient client, Map<RepositoryKey, Change<DeliveryState>> changes) {
    List<Recorded> rows = new ArrayList<>();
    var repositories = new HashMap<RepositoryKey, Change<Repository>>();
    changes.forEach((key, change) -> {
      change
          .after()
          .deliveries()
          .forEach((id, recorded) -> {
            if (!recorded.equals(change.before().deliveries().get(id))) {
              rows.add(recorded);
            }
          });
      repositories.put(
          key, new Change<>(change.before().repository(), change.after().repository()));
    });
    List<Write> writes = new ArrayList<>(RepositoryStore.write(repositories));
    writes.add(write(rows));
    return Write.together(client, writes);
  }

  @Override
  public List<StateTable> tables() {
    var tables = new ArrayList<StateTable>();
    tables.add(
        new StateTable("delivery", Set.of("outcome", "reason", "pull_request", "event_ids")));
    tables.addAll(RepositoryStore.tables());
    return tables;
  }

  /// The statement that writes these rows, whatever was there.
  static Write write(List<Recorded> rows) {
    return Write.of(
        """
        insert into delivery (
          delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
          installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
          outcome, reason, pull_request, event_ids)
        select delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
          installation_id, received_at, content_type, body_bytes, decode(body_sha256, 'hex'), topic, partition,
          record_offset, outcome, reason, pull_request, event_ids::uuid[]
        from unnest(
          $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
          $9::bigint[], $10::bigint[], $11::timestamptz[], $12::text[], $13::int[], $14::text[], $15::text[],
          $16::int[], $17::bigint[], $18::text[], $19::text[], $20::bigint[], $21::text[])
        as t (
          delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
          installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
          outcome, reason, pull_request, event_ids)
        on conflict (tenant, delivery_id) do update set
          event = excluded.event, action = excluded.action,
          repository_id = excluded.repository_id, repository_full_name = excluded.repository_full_name,
          number = excluded.number, sender = excluded.sender, hook_id = excluded.hook_id,
          installation_id = excluded.installation_id, received_at = excluded.received_at,
          content_type = excluded.content_type, body_bytes = excluded.body_bytes,
          body_sha256 = excluded.body_sha256, topic = excluded.topic, partition = excluded.partition,
          record_offset = excluded.record_offset, outcome = excluded.outcome, reason = excluded.reason,
          pull_request = excluded.pull_request, event_ids = excluded.event_ids
        """,
        Columns.of(rows, row -> row.webhook().id().value(), UUID[]::new),
        Columns.of(rows, row -> row.webhook().tenant(), String[]::new),
        Columns.of(rows, row -> row.webhook().about().event(), String[]::new),
        Columns.of(rows, row -> row.webhook().about().action(), String[]::new),
        Columns.of(rows, row -> row.webhook().about().repository().id(), Long[]::new),
        Columns.of(rows, row -> row.webhook().about().repository().fullName(), String[]::new),
        Columns.of(rows, row -> row.webhook().about().number(), Long[]::new),
        Columns.of(rows, row -> row.webhook().about().sender(), String[]::new),
        Columns.of(rows, row -> row.webhook().origin().hookId(), Long[]::new),
        Columns.of(rows, row -> row.webhook().origin().installationId(), Long[]::new),
        Columns.of(
            rows, row -> Columns.utc(row.webhook().origin().receivedAt()), OffsetDateTime[]::new),
        Columns.of(rows, row -> row.webhook().body().contentType(), String[]::new),
        Columns.of(rows, row -> row.webhook().body().sizeBytes(), Integer[]::new),
        Columns.of(rows, row -> row.webhook().body().sha256(), String[]::new),
        Columns.of(rows, row -> row.webhook().position().topic(), String[]::new),
        Columns.of(rows, row -> row.webhook().position().partition(), Integer[]::new),
        Columns.of(rows, row -> row.webhook().position().offset(), Long[]::new),
        Columns.of(rows, row -> row.verdict().outcome().name(), String[]::new),
        Columns.of(rows, row -> row.verdict().reason(), String[]::new),
        Columns.of(rows, Recorded::pullRequest, Long[]::new),
        Columns.of(rows, row -> array(row.eventIds()), String[]::new));
  }

  /// A whole row.
  static Recorded recorded(Readable row) {
    var id = new DeliveryId(Columns.required(row, "delivery_id", UUID.class));
    return new Recorded(
        new Webhook(
            id,
            Columns.required(row, "tenant", String.class),
            new Webhook.About(
                Columns.required(row, "event", String.class),
                row.get("action", String.class),
                new Webhook.Repository(
                    row.get("repository_id", Long.class),
                    row.get("repository_full_name", String.class)),
                row.get("number", Long.class),
                row.get("sender", String.class)),
            new Webhook.Origin(
                row.get("hook_id", Long.class),
                row.get("installation_id", Long.class),
                Columns.required(row, "received_at", Instant.class)),
            new Webhook.Body(
                Columns.required(row, "content_type", String.class),
                Columns.required(row, "body_bytes", Integer.class),
                HexFormat.of().formatHex(Columns.required(row, "body_sha256", byte[].class))),
            new LogPosition(
                Columns.required(row, "topic", String.class),
                Columns.required(row, "partition", Integer.class),
                Columns.required(row, "record_offset", Long.class))),
        new Verdict(
            Verdict.Outcome.valueOf(Columns.required(row, "outcome", String.class)),
            row.get("reason", String.class)),
        row.get("pull_request", Long.class),
        List.of(Columns.required(row, "event_ids", UUID[].class)));
  }

  /// Tenants may share a GUID.
  private record Key(String tenant, DeliveryId id) {
    static Key of(Webhook webhook) {
      return new Key(webhook.tenant(), webhook.id());
    }
  }

  /// An array within an array is no array of arrays in Postgres.
  private static String array(List<UUID> ids) {
    return ids.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
  }
}
