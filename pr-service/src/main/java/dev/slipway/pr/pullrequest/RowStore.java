package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Flight;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table, described once: many of its rows are written or read in one statement, and in none
/// where there are no rows.
///
/// @param <T> what a row says
public final class RowStore<T> {
  private final String table;
  private final RowColumns<T> columns;
  private final String insert;
  private final String upsert;

  public RowStore(String table, RowColumns<T> columns) {
    this.table = table;
    this.columns = columns;
    this.insert =
        "insert into %s (%s)\nselect %s\nfrom %s"
            .formatted(table, columns.names(), columns.casts(), columns.unnested("t"));
    this.upsert =
        insert
            + "\non conflict (%s) do update set %s"
                .formatted(columns.keyNames(), columns.updates());
  }

  /// Writes rows, whatever was there.
  public void put(Flight flight, Collection<T> rows) {
    write(flight, upsert, rows);
  }

  /// Writes rows that are not there yet.
  void insert(Flight flight, Collection<T> rows) {
    write(flight, insert, rows);
  }

  private void write(Flight flight, String statement, Collection<T> rows) {
    if (!rows.isEmpty()) {
      var _ = flight.update(statement, columns.arrays(rows).toArray());
    }
  }

  /// Reads the rows with these keys.
  ///
  /// @param reader reads a whole row
  /// @param by columns that tell rows apart, as the table has them
  public <K> Supplier<List<T>> read(
      Flight flight, Function<Readable, T> reader, RowColumns<K> by, Collection<K> keys) {
    return read(flight, reader, by.keys(keys));
  }

  /// Reads the rows that are asked for.
  ///
  /// @param reader reads a whole row
  /// @param keys of one kind or another; a row that is asked for in two ways comes twice
  Supplier<List<T>> read(Flight flight, Function<Readable, T> reader, RowKeys... keys) {
    List<RowKeys> asked = Stream.of(keys).filter(key -> !key.isEmpty()).toList();
    if (asked.isEmpty()) {
      return List::of;
    }
    String statement =
        asked.stream()
            .map(key ->
                "select t.* from %s t join %s using (%s)".formatted(table, key.from(), key.names()))
            .collect(Collectors.joining("\nunion all\n"));
    var arrays = new ArrayList<Object>();
    asked.forEach(key -> arrays.addAll(key.arrays()));
    return flight.query(statement, reader, arrays.toArray())::get;
  }
}
