package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.ConflictException;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A table of states, described once: a row is (tenant, key, version, state as JSON) and whatever
/// columns it is looked up by. It locks by the row itself; a state is written only over the version
/// at which it was read, a new one by insert.
///
/// ```sql
/// create table task (
///   tenant text not null, task_id uuid not null, version bigint not null, state jsonb not null,
///   …, primary key (tenant, task_id))
/// ```
public final class Table<S, I, E> implements StateStore<S, I, E> {
  private final String name;
  private final String key;
  private final String keyType;
  private final Function<S, String> write;
  private final Function<String, S> read;
  private final List<Column<S>> columns;
  private final @Nullable Predicate<S> owns;
  private final boolean rebuilt;

  private Table(
      String name,
      String key,
      String keyType,
      Function<S, String> write,
      Function<String, S> read,
      List<Column<S>> columns,
      @Nullable Predicate<S> owns,
      boolean rebuilt) {
    this.name = name;
    this.key = key;
    this.keyType = keyType;
    this.write = write;
    this.read = read;
    this.columns = List.copyOf(columns);
    this.owns = owns;
    this.rebuilt = rebuilt;
  }

  /// A table without further columns.
  ///
  /// @param key the column that holds the aggregate's key
  /// @param keyType its SQL type, such as `uuid`
  /// @param write a state as JSON
  /// @param read the state that a JSON text is; also of texts that earlier builds wrote
  public static <S, I, E> Table<S, I, E> of(
      String name,
      String key,
      String keyType,
      Function<S, String> write,
      Function<String, S> read) {
    return new Table<>(name, key, keyType, write, read, List.of(), null, true);
  }

  /// Keys are unique over all tenants, as ids are that Slipway gives out: an aggregate does not
  /// begin under one that another tenant has.
  public Table<S, I, E> uniqueOverTenants() {
    return uniqueOverTenants(_ -> true);
  }

  /// As [#uniqueOverTenants()], where refusals are events: whoever is refused something under
  /// another's key has a row of it that says so, and tells as little as that of a key nobody has.
  /// Rows are looked for by the key alone: the table needs an index of it over all of them.
  ///
  /// @param owns whether an aggregate in this state has its key for itself; the table's own unique
  ///   constraint holds among those alone
  public Table<S, I, E> uniqueOverTenants(Predicate<S> owns) {
    return new Table<>(name, key, keyType, write, read, columns, owns, rebuilt);
  }

  /// And a column that rows are looked up by.
  ///
  /// @param type its SQL type
  /// @param value what follows from the state, as the text that Postgres reads
  public Table<S, I, E> column(String column, String type, Function<S, @Nullable String> value) {
    var all = new ArrayList<>(columns);
    all.add(new Column<>(column, type, (_, state) -> value.apply(state)));
    return new Table<>(name, key, keyType, write, read, all, owns, rebuilt);
  }

  /// Its rows say what is being done, which no log tells: a rebuild leaves them out.
  public Table<S, I, E> bookkeeping() {
    return new Table<>(name, key, keyType, write, read, columns, owns, false);
  }

  private record Column<S>(
      String name, String type, BiFunction<AggregateId, S, @Nullable String> value) {}

  @Override
  public Supplier<Loaded<S>> load(Flight flight, SortedMap<AggregateId, List<I>> inputs) {
    Answer<List<Row<S>>> rows =
        flight.query(
            """
            select k.tenant, k.key, t.tenant as owner, t.version, t.state::text as state
            from %1$s t join unnest(?::text[], ?::text[]) as k (tenant, key)
              on t.%2$s = k.key::%3$s%4$s
            order by t.tenant, t.%2$s::text
            for update of t
            """
                .formatted(name, key, keyType, owns != null ? "" : " and t.tenant = k.tenant"),
            this::row,
            Columns.of(inputs.keySet(), AggregateId::tenant, String[]::new),
            Columns.of(inputs.keySet(), AggregateId::key, String[]::new));
    return () -> {
      var states = new HashMap<AggregateId, Stored<S>>();
      var taken = new HashSet<AggregateId>();
      for (Row<S> row : rows.get()) {
        if (row.owner.equals(row.asked.tenant())) {
          states.put(row.asked, row.stored);
        } else if (isOwner(row.stored.state())) {
          taken.add(row.asked);
        }
      }
      return new Loaded<>(states, taken);
    };
  }

  @Override
  public boolean isOwner(S state) {
    return owns == null || owns.test(state);
  }

  private Row<S> row(Readable row) {
    return new Row<>(
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "key", String.class)),
        Columns.required(row, "owner", String.class),
        new Stored<>(
            read.apply(Columns.required(row, "state", String.class)),
            Columns.required(row, "version", Long.class)));
  }

  private record Row<S>(AggregateId asked, String owner, Stored<S> stored) {}

  @Override
  public Runnable write(Flight flight, Collection<Change<S, E>> changes) {
    List<Change<S, E>> created =
        changes.stream().filter(change -> change.before() == null).toList();
    List<Change<S, E>> updated =
        changes.stream().filter(change -> change.before() != null).toList();
    if (!created.isEmpty()) {
      var _ = flight.update(insert(), values(created, false));
    }
    if (updated.isEmpty()) {
      return () -> {};
    }
    Answer<Integer> written = flight.update(update(), values(updated, true));
    return () -> {
      if (written.get() != updated.size()) {
        throw new ConflictException(
            "%d of %d rows of %s were read at another version"
                .formatted(updated.size() - written.get(), updated.size(), name),
            null);
      }
    };
  }

  private String insert() {
    return "insert into %s (tenant, %s, version, state%s) select tenant, key::%s, version, state::jsonb%s from %s"
        .formatted(name, key, list(", %1$s"), keyType, list(", %1$s::%2$s"), unnest(""));
  }

  private String update() {
    return """
    update %s t set version = n.version, state = n.state::jsonb%s
    from %s
    where t.tenant = n.tenant and t.%s = n.key::%s and t.version = n.read_at
    """
        .formatted(name, list(", %1$s = n.%1$s::%2$s"), unnest(", read_at"), key, keyType);
  }

  private String unnest(String readAt) {
    String arrays =
        Stream.concat(
                Stream.of("?::text[]", "?::text[]", "?::bigint[]", "?::text[]"),
                columns.stream().map(_ -> "?::text[]"))
            .collect(Collectors.joining(", "));
    return "unnest(%s%s) as n (tenant, key, version, state%s%s)"
        .formatted(arrays, readAt.isEmpty() ? "" : ", ?::bigint[]", list(", %1$s"), readAt);
  }

  private String list(String pattern) {
    return columns.stream()
        .map(column -> pattern.formatted(column.name, column.type))
        .collect(Collectors.joining());
  }

  private @Nullable Object[] values(List<Change<S, E>> changes, boolean readAt) {
    var values = new ArrayList<@Nullable Object>();
    values.add(Columns.of(changes, change -> change.id().tenant(), String[]::new));
    values.add(Columns.of(changes, change -> change.id().key(), String[]::new));
    values.add(Columns.of(changes, change -> change.after().version(), Long[]::new));
    values.add(Columns.of(changes, change -> write.apply(change.after().state()), String[]::new));
    for (Column<S> column : columns) {
      values.add(
          Columns.of(
              changes,
              change -> column.value.apply(change.id(), change.after().state()),
              String[]::new));
    }
    if (readAt) {
      values.add(
          Columns.of(
              changes,
              change -> change.before() == null ? 0L : change.before().version(),
              Long[]::new));
    }
    return values.toArray();
  }

  @Override
  public List<StateTable> tables() {
    return rebuilt ? List.of(new StateTable(name, Set.of(), this::isSame, false)) : List.of();
  }

  private boolean isSame(String live, String rebuilt) {
    S expected = read.apply(rebuilt);
    try {
      return read.apply(live).equals(expected);
    } catch (RuntimeException _) {
      return false; // whatever it is, it is not what this build wrote
    }
  }
}
