package dev.slipway.pr.pullrequest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Columns of rows, each named once, as arrays that a statement unnests.
///
/// @param <T> what a row says
public final class RowColumns<T> {
  private static final Set<String> BOUND_AS_THEY_ARE =
      Set.of("text", "bigint", "int", "boolean", "uuid", "timestamptz");

  private final List<Column<T>> columns;

  private RowColumns(List<Column<T>> columns) {
    this.columns = List.copyOf(columns);
  }

  /// None yet.
  public static <T> RowColumns<T> none() {
    return new RowColumns<>(List.of());
  }

  /// And one of the primary key.
  ///
  /// @param type its SQL type
  public RowColumns<T> key(String name, String type, Function<T, @Nullable Object> value) {
    return with(new Column<>(name, type, true, value));
  }

  /// And one beside the primary key.
  ///
  /// @param type its SQL type
  /// @param value where that is none of the usual types, as the text that Postgres reads
  public RowColumns<T> and(String name, String type, Function<T, @Nullable Object> value) {
    return with(new Column<>(name, type, false, value));
  }

  /// And those of something that the rows have.
  public <U> RowColumns<T> allOf(RowColumns<U> others, Function<T, U> of) {
    RowColumns<T> all = this;
    for (Column<U> column : others.columns) {
      all =
          all.with(
              new Column<>(
                  column.name, column.type, column.key, row -> column.value.apply(of.apply(row))));
    }
    return all;
  }

  private RowColumns<T> with(Column<T> column) {
    var all = new ArrayList<>(columns);
    all.add(column);
    return new RowColumns<>(all);
  }

  /// These columns of these rows, to be joined with a table.
  RowKeys keys(Collection<T> rows) {
    return new RowKeys(names(), unnested("k"), arrays(rows), rows.isEmpty());
  }

  String names() {
    return list(_ -> true, "%1$s", ", ");
  }

  String keyNames() {
    return list(Column::key, "%1$s", ", ");
  }

  /// What they are once unnested, each of its own type.
  String casts() {
    return columns.stream()
        .map(column -> column.isBound() ? column.name : column.name + "::" + column.type)
        .collect(Collectors.joining(", "));
  }

  /// What a row that was there becomes.
  String updates() {
    return list(column -> !column.key, "%1$s = excluded.%1$s", ", ");
  }

  String unnested(String alias) {
    String arrays =
        columns.stream()
            .map(column -> "?::" + (column.isBound() ? column.type : "text") + "[]")
            .collect(Collectors.joining(", "));
    return "unnest(%s) as %s (%s)".formatted(arrays, alias, names());
  }

  /// What is bound.
  List<Object> arrays(Collection<T> rows) {
    return columns.stream().<Object>map(column -> column.array(rows)).toList();
  }

  private String list(Predicate<Column<T>> which, String pattern, String between) {
    return columns.stream()
        .filter(which)
        .map(column -> pattern.formatted(column.name))
        .collect(Collectors.joining(between));
  }

  private record Column<T>(
      String name, String type, boolean key, Function<T, @Nullable Object> value) {
    boolean isBound() {
      return BOUND_AS_THEY_ARE.contains(type);
    }

    @Nullable Object[] array(Collection<T> rows) {
      int size = rows.size();
      @Nullable Object[] array =
          switch (type) {
            case "bigint" -> new Long[size];
            case "int" -> new Integer[size];
            case "boolean" -> new Boolean[size];
            case "uuid" -> new UUID[size];
            case "timestamptz" -> new Instant[size];
            default -> new String[size];
          };
      int next = 0;
      for (T row : rows) {
        array[next++] = value.apply(row);
      }
      return array;
    }
  }
}
