package dev.slipway.pipeline.database;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/// Compares a table of a schema with the copy `live_<table>` beside it, row by row and column by
/// column: all columns of the table, so that one that is added later is not forgotten.
///
/// @param key columns of the primary key; without one of them no row can be told from another, and
///   none is compared
/// @param compared all columns but those that are left out
/// @param leftOut in the order of the table
record RowComparison(
    Connection connection,
    String schema,
    String table,
    List<String> key,
    List<String> compared,
    List<String> leftOut) {
  private static final int LONGEST_VALUE = 500;
  private static final int PAGE = 200;

  static RowComparison of(Connection connection, String schema, String table, Set<String> without)
      throws SQLException {
    var key = new ArrayList<String>();
    var compared = new ArrayList<String>();
    var leftOut = new ArrayList<String>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select a.attname, coalesce(a.attnum = any(i.indkey), false) as is_key
            from pg_attribute a
            left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """)) {
      statement.setString(1, Shadow.quoted(schema) + "." + Shadow.quoted(table));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String column = rows.getString(1);
          if (rows.getBoolean(2)) {
            key.add(column);
          }
          (without.contains(column) ? leftOut : compared).add(column);
        }
      }
    }
    if (!compared.containsAll(key)) {
      leftOut.addAll(compared);
      compared.clear();
    }
    return new RowComparison(connection, schema, table, key, compared, leftOut);
  }

  /// How many rows differ, and how.
  TableComparison count() throws SQLException {
    String sql =
        """
        select count(%5$s), count(*) filter (where %1$s), count(*) filter (where %2$s),
          count(*) filter (where not %1$s and not %2$s and %3$s)
        from %4$s
        """
            .formatted(isMissing(), isUnexpected(), differs(), joined(), l(key.getFirst()));
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      boolean _ = row.next();
      if (compared.isEmpty()) {
        return new TableComparison(table, row.getLong(1), 0, 0, 0, leftOut);
      }
      return new TableComparison(
          table, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), leftOut);
    }
  }

  /// Each value that differs.
  List<RowDifference> list(int most) throws SQLException {
    if (compared.isEmpty()) {
      return List.of();
    }
    String sql =
        """
        select %1$s as row_key, d.column_name, left(d.live, %7$d) as live, left(d.rebuilt, %7$d) as rebuilt
        from %5$s
        cross join lateral (
          select null as column_name, null as live, to_jsonb(r)::text as rebuilt where %2$s
          union all
          select null, to_jsonb(l)::text, null where %3$s
          union all
          select key, a.value, b.value
          from jsonb_each_text(to_jsonb(l)) a join jsonb_each_text(to_jsonb(r)) b using (key)
          where not %2$s and not %3$s and a.value is distinct from b.value and not key = any(?)
        ) d
        where %2$s or %3$s or %4$s
        order by 1, 2
        limit %6$d
        """
            .formatted(
                keyText(), isMissing(), isUnexpected(), differs(), joined(), most, LONGEST_VALUE);
    var differences = new ArrayList<RowDifference>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", leftOut.toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          differences.add(
              new RowDifference(
                  table,
                  rows.getString(1),
                  rows.getString(2),
                  rows.getString(3),
                  rows.getString(4)));
        }
      }
    }
    return differences;
  }

  /// Gives rows of the copy the text of a `jsonb` column that was worked out, where both say the
  /// same.
  ///
  /// @return how many had another one
  int equate(String column, BiPredicate<String, String> isSame) throws SQLException {
    String sql =
        """
        select l.ctid::text, %1$s::text, %2$s::text from %3$s
        where %1$s <> %2$s
        """
            .formatted(l(column), r(column), joined());
    String write =
        "update %s.%s set %s = ?::jsonb where ctid = ?::tid"
            .formatted(
                Shadow.quoted(schema), Shadow.quoted("live_" + table), Shadow.quoted(column));
    int equated = 0;
    connection.setAutoCommit(false); // else all rows are fetched at once
    try (Statement statement = connection.createStatement();
        PreparedStatement update = connection.prepareStatement(write)) {
      statement.setFetchSize(PAGE);
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          if (isSame.test(rows.getString(2), rows.getString(3))) {
            update.setString(1, rows.getString(3));
            update.setString(2, rows.getString(1));
            update.addBatch();
            if (++equated % PAGE == 0) {
              int[] _ = update.executeBatch();
            }
          }
        }
      }
      int[] _ = update.executeBatch();
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
    return equated;
  }

  private String joined() {
    return "%1$s.%2$s l full join %1$s.%3$s r on %4$s"
        .formatted(
            Shadow.quoted(schema),
            Shadow.quoted("live_" + table),
            Shadow.quoted(table),
            key.stream().map(column -> l(column) + " = " + r(column)).collect(joining(" and ")));
  }

  private String isMissing() {
    return l(key.getFirst()) + " is null";
  }

  private String isUnexpected() {
    return r(key.getFirst()) + " is null";
  }

  private String differs() {
    return "row(%s) is distinct from row(%s)"
        .formatted(
            compared.stream().map(RowComparison::l).collect(joining(", ")),
            compared.stream().map(RowComparison::r).collect(joining(", ")));
  }

  private String keyText() {
    return key.stream()
        .map(column -> "'%s=' || coalesce(%s, %s)".formatted(column, l(column), r(column)))
        .collect(joining(" || ' ' || "));
  }

  private static String l(String column) {
    return "l." + Shadow.quoted(column);
  }

  private static String r(String column) {
    return "r." + Shadow.quoted(column);
  }
}
