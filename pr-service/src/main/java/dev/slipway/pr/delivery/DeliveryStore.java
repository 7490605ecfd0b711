package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pipeline.stage.StateTable;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Observed;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.pullrequest.Fact;
import dev.slipway.pr.pullrequest.PullRequestEvent;
import dev.slipway.pr.pullrequest.Repository;
import dev.slipway.pr.pullrequest.RepositoryStore;
import dev.slipway.pr.pullrequest.RowColumns;
import dev.slipway.pr.pullrequest.RowStore;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;

/// Table `delivery`, and the repositories that deliveries tell of.
final class DeliveryStore implements StateStore<DeliveryState, DeliveryInput, DeliveryEvent> {
  /// Tenants may share a GUID.
  private static final RowColumns<Key> KEY =
      RowColumns.<Key>none()
          .key("tenant", "text", Key::tenant)
          .key("delivery_id", "uuid", key -> key.id().value());

  static final RowStore<Recorded> DELIVERIES =
      new RowStore<>(
          "delivery",
          RowColumns.<Recorded>none()
              .allOf(KEY, row -> Key.of(row.webhook()))
              .and("event", "text", row -> row.webhook().about().event())
              .and("action", "text", row -> row.webhook().about().action())
              .and("repository_id", "bigint", row -> row.webhook().about().repository().id())
              .and(
                  "repository_full_name",
                  "text",
                  row -> row.webhook().about().repository().fullName())
              .and("number", "bigint", row -> row.webhook().about().number())
              .and("sender", "text", row -> row.webhook().about().sender())
              .and("hook_id", "bigint", row -> row.webhook().origin().hookId())
              .and("installation_id", "bigint", row -> row.webhook().origin().installationId())
              .and("received_at", "timestamptz", row -> row.webhook().origin().receivedAt())
              .and("content_type", "text", row -> row.webhook().body().contentType())
              .and("body_bytes", "int", row -> row.webhook().body().sizeBytes())
              .and("body_sha256", "bytea", row -> "\\x" + row.webhook().body().sha256())
              .and("topic", "text", row -> row.webhook().position().topic())
              .and("partition", "int", row -> row.webhook().position().partition())
              .and("record_offset", "bigint", row -> row.webhook().position().offset())
              .and("outcome", "text", row -> row.verdict().outcome().name())
              .and("reason", "text", row -> row.verdict().reason())
              .and("pull_request", "bigint", Recorded::pullRequest)
              .and("event_ids", "uuid[]", row -> array(row.eventIds())));

  private final RepositoryStore repositories = new RepositoryStore();

  /// The lock of a repository covers its deliveries.
  @Override
  public Supplier<Loaded<DeliveryState>> load(
      Flight flight, SortedMap<AggregateId, List<DeliveryInput>> inputs) {
    var facts = new TreeMap<AggregateId, List<Fact>>();
    inputs.forEach(
        (id, told) -> facts.put(id, told.stream().flatMap(DeliveryStore::facts).toList()));
    var loaded = repositories.load(flight, facts);
    var keys = inputs.values().stream().flatMap(List::stream).flatMap(DeliveryStore::keys);
    var known = DELIVERIES.read(flight, DeliveryStore::recorded, KEY, keys.distinct().toList());
    return () -> {
      Map<AggregateId, Stored<Repository>> found = loaded.get().states();
      Map<Key, Recorded> rows =
          known.get().stream()
              .collect(Collectors.toMap(row -> Key.of(row.webhook()), Function.identity()));
      Map<AggregateId, Stored<DeliveryState>> states = new HashMap<>();
      inputs.forEach((id, told) -> {
        var state = new DeliveryState(HashTreePMap.empty(), repository(found.get(id)));
        for (Key key : told.stream().flatMap(DeliveryStore::keys).toList()) {
          Recorded row = rows.get(key);
          state = row == null ? state : state.with(row);
        }
        states.put(id, new Stored<>(state, 0));
      });
      return Loaded.of(states);
    };
  }

  private static Stream<Fact> facts(DeliveryInput input) {
    return switch (input) {
      case Received(_, _, var reading) -> reading.facts().stream();
      case Observed(_, var reading) -> reading.facts().stream();
      case DeadLettered _ -> Stream.of();
    };
  }

  private static Stream<Key> keys(DeliveryInput input) {
    return switch (input) {
      case Received(var webhook, _, _) -> Stream.of(Key.of(webhook));
      case DeadLettered(var webhook) -> Stream.of(Key.of(webhook));
      case Observed _ -> Stream.of();
    };
  }

  private static Repository repository(@Nullable Stored<Repository> stored) {
    return stored == null ? Repository.UNKNOWN : stored.state();
  }

  /// A copy has the body of the first, unless somebody makes one up under its id.
  @Override
  public @Nullable Answer<List<DeliveryInput>> differing(
      Flight flight, List<DeliveryInput> repeats) {
    List<Received> copies =
        repeats.stream().filter(Received.class::isInstance).map(Received.class::cast).toList();
    return copies.isEmpty()
        ? null
        : flight.query(
            """
            select k.n::int as n
            from unnest(?::text[], ?::uuid[], ?::text[]) with ordinality as k (tenant, delivery_id, body_sha256, n)
            join delivery d using (tenant, delivery_id)
            where d.body_sha256 <> decode(k.body_sha256, 'hex')
            """,
            row -> copies.get(Columns.required(row, "n", Integer.class) - 1),
            Columns.of(copies, copy -> copy.webhook().tenant(), String[]::new),
            Columns.of(copies, copy -> copy.webhook().id().value(), UUID[]::new),
            Columns.of(copies, copy -> copy.webhook().body().sha256(), String[]::new));
  }

  @Override
  public Runnable write(Flight flight, Collection<Change<DeliveryState, DeliveryEvent>> changes) {
    List<Recorded> rows = new ArrayList<>();
    List<Change<Repository, PullRequestEvent>> told = new ArrayList<>();
    for (Change<DeliveryState, DeliveryEvent> change : changes) {
      Stored<DeliveryState> stored = change.before();
      DeliveryState before = stored == null ? DeliveryState.UNKNOWN : stored.state();
      DeliveryState after = change.after().state();
      after
          .deliveries()
          .forEach((id, recorded) -> {
            if (!recorded.equals(before.deliveries().get(id))) {
              rows.add(recorded);
            }
          });
      told.add(
          new Change<>(
              change.id(),
              new Stored<>(before.repository(), 0),
              new Stored<>(after.repository(), 0),
              change.events().stream().flatMap(DeliveryStore::ofPullRequest).toList()));
    }
    Runnable written = repositories.write(flight, told);
    DELIVERIES.put(flight, rows);
    return written;
  }

  private static Stream<Numbered<PullRequestEvent>> ofPullRequest(Numbered<DeliveryEvent> event) {
    PullRequestEvent of = event.event().ofPullRequest();
    return of == null ? Stream.of() : Stream.of(PullRequestEvent.numbered(of, event));
  }

  @Override
  public List<StateTable> tables() {
    var tables = new ArrayList<StateTable>();
    tables.add(
        new StateTable("delivery", Set.of("outcome", "reason", "pull_request", "event_ids"))
            .ofRecords());
    tables.addAll(repositories.tables());
    return tables;
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
