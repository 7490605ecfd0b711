package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `ledger`, with a place for one failure at each named point.
final class LedgerStore implements StateStore<String, Ledger, Ledger.Input> {
  private final AtomicReference<@Nullable Event> afterClaim = new AtomicReference<>();
  private final AtomicReference<@Nullable Event> beforeCommit = new AtomicReference<>();

  /// Something that happens in the middle of a transaction.
  @FunctionalInterface
  interface Event {
    Mono<Void> happen(DatabaseClient client);
  }

  /// Happens once, when ids are claimed and no state is read yet.
  void onceAfterClaim(Event event) {
    afterClaim.set(event);
  }

  /// Happens once, when states are written and positions are not.
  void onceBeforeCommit(Event event) {
    beforeCommit.set(event);
  }

  /// Whether what was to happen has happened.
  boolean quiet() {
    return afterClaim.get() == null && beforeCommit.get() == null;
  }

  /// Ends the connection of the transaction, as an operator or a crash would.
  static Mono<Void> cut(DatabaseClient client) {
    return client.sql("select pg_terminate_backend(pg_backend_pid())").then();
  }

  private static Mono<Void> once(AtomicReference<@Nullable Event> place, DatabaseClient client) {
    Event event = place.getAndSet(null);
    return event == null ? Mono.empty() : event.happen(client);
  }

  @Override
  public Mono<Map<String, Ledger>> lock(
      DatabaseClient client, SortedMap<String, List<Ledger.Input>> inputs) {
    return once(afterClaim, client)
        .then(
            client
                .sql("select * from ledger where name = any($1) order by name for update")
                .bind(0, inputs.keySet().toArray(String[]::new))
                .map(row ->
                    Map.entry(
                        Columns.required(row, "name", String.class),
                        Ledger.parse(Columns.required(row, "entries", String.class))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public Mono<Void> write(DatabaseClient client, Map<String, Change<Ledger>> changes) {
    List<Map.Entry<String, Change<Ledger>>> rows = List.copyOf(changes.entrySet());
    return client
        .sql(
            """
            insert into ledger (name, entries) select * from unnest($1::text[], $2::text[])
            on conflict (name) do update set entries = excluded.entries
            """)
        .bind(0, rows.stream().map(Map.Entry::getKey).toArray(String[]::new))
        .bind(1, rows.stream().map(row -> row.getValue().after().text()).toArray(String[]::new))
        .then()
        .then(Mono.defer(() -> once(beforeCommit, client)));
  }

  @Override
  public List<StateTable> tables() {
    return List.of(StateTable.of("ledger"));
  }
}
