package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiPredicate;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A schema beside a service's own, with the same tables and a copy of some of their rows, for
/// working rows out anew and comparing them. Whoever has it holds an advisory lock, by a connection
/// of the login; killed, the lock is free and the next who takes it drops what was left. Used by
/// one thread, which it blocks.
///
/// | what goes wrong | outcome |
/// |---|---|
/// | database away, connection and so the lock lost | [RetryableException] |
/// | the login may not create schemas | [dev.slipway.pipeline.error.PermanentException] |
public final class Shadow implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Shadow.class);

  private final Connection connection;
  private final Database live;
  private final String name;
  private final Database database;

  private Shadow(Connection connection, Database live, String name) {
    this.connection = connection;
    this.live = live;
    this.name = name;
    this.database = live.throwaway(name);
  }

  /// Rows that are copied as they are at the cut.
  ///
  /// @param table of the service's schema; the copy is called `live_<table>`
  /// @param condition which rows, as SQL that sees the copies before it
  public record Copy(String table, String condition) {}

  /// Takes the lock and drops what former owners left.
  ///
  /// @param purpose what the shadow is for, in letters, digits and underscores: there is one at a
  ///   time for each
  /// @return empty when somebody else holds the lock
  public static Optional<Shadow> open(Database live, String purpose) {
    try {
      Connection connection = connect(live.properties());
      try {
        return open(connection, live, live.schema() + "_" + purpose + "_");
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static Optional<Shadow> open(Connection connection, Database live, String prefix)
      throws SQLException {
    String name = lock(connection, prefix);
    if (name == null) {
      connection.close();
      return Optional.empty();
    }
    drop(connection, schemas(connection, prefix));
    return Optional.of(new Shadow(connection, live, name));
  }

  private static Connection connect(DatabaseProperties properties) throws SQLException {
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
    var settings = new Properties();
    settings.setProperty("user", url.user());
    settings.setProperty("password", url.password());
    settings.setProperty("ApplicationName", "slipway-shadow");
    settings.setProperty("tcpKeepAlive", "true");
    settings.setProperty("connectTimeout", Long.toString(properties.connectTimeout().toSeconds()));
    // the server would go on with a long statement, and hold the lock, though nobody waits any more
    settings.setProperty("options", "-c client_connection_check_interval=1s");
    return DriverManager.getConnection(url.jdbcUrl(), settings);
  }

  /// A name that no former owner had: one that is slow to notice what it lost writes nothing here.
  private static @Nullable String lock(Connection connection, String prefix) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select ? || left(replace(gen_random_uuid()::text, '-', ''), 12)
            where pg_try_advisory_lock(hashtextextended(?, 0))
            """)) {
      statement.setString(1, prefix);
      statement.setString(2, prefix);
      List<String> names = strings(statement);
      return names.isEmpty() ? null : names.getFirst();
    }
  }

  private static List<String> schemas(Connection connection, String prefix) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select nspname from pg_namespace where starts_with(nspname, ?)")) {
      statement.setString(1, prefix);
      return strings(statement);
    }
  }

  /// Whether the lock is still ours, and nobody has dropped the schema.
  public boolean isHeld() {
    try {
      return !schemas(connection, name).isEmpty();
    } catch (SQLException _) {
      return false;
    }
  }

  /// The same tables as the service's, without rows.
  ///
  /// @param large those that are going to have many rows: what is written to them is not logged
  public void build(Collection<String> large) {
    execute("create schema " + quoted(name));
    try {
      Migrations.repeat(live.properties(), live.schema(), name);
    } catch (FlywayException e) {
      // the same migrations ran when the service started: only the database can be the reason
      throw new RetryableException("no tables for a shadow", Duration.ZERO, e);
    }
    for (String table : large) {
      execute("alter table %s set unlogged".formatted(own(table)));
    }
  }

  /// Copies rows, all of them as they are at one moment.
  public void copy(List<Copy> copies) {
    // one snapshot for all; it lasts as long as the copying, so that vacuum is not held up
    execute("begin isolation level repeatable read");
    execute("set local search_path to " + quoted(name));
    for (Copy copy : copies) {
      execute(
          "create unlogged table %s as select * from %s.%s where %s"
              .formatted(
                  own("live_" + copy.table()),
                  quoted(live.schema()),
                  quoted(copy.table()),
                  copy.condition()));
    }
    execute("grant select on all tables in schema %s to slipway_stage".formatted(quoted(name)));
    execute("commit");
    copies.forEach(copy -> execute("analyze " + own("live_" + copy.table())));
  }

  /// Where a log begins.
  ///
  /// @param offset of the first record that it still holds
  public record LogStart(String topic, int partition, long offset) {}

  /// Gives a table the rows that were copied.
  ///
  /// @param but rows of records that stand there or behind it, in columns `topic`, `partition` and
  ///   `record_offset`; empty for all rows
  public void inherit(String table, Collection<LogStart> but) {
    int _ = query(open -> inherit(open, table, but));
  }

  private int inherit(Connection open, String table, Collection<LogStart> but) throws SQLException {
    String columns = String.join(", ", writable(open, table));
    String sql =
        "insert into %s (%s) overriding system value select %s from %s l"
            .formatted(own(table), columns, columns, own("live_" + table));
    if (but.isEmpty()) {
      try (PreparedStatement statement = open.prepareStatement(sql)) {
        return statement.executeUpdate();
      }
    }
    try (PreparedStatement statement =
        open.prepareStatement(
            sql
                + """
                 where not exists (
                  select from unnest(?::text[], ?::int[], ?::bigint[]) as s (topic, partition, first)
                  where s.topic = l.topic and s.partition = l.partition and l.record_offset >= s.first)
                """)) {
      Object[] topics = but.stream().map(LogStart::topic).toArray();
      Object[] partitions = but.stream().map(LogStart::partition).toArray();
      Object[] offsets = but.stream().map(LogStart::offset).toArray();
      statement.setArray(1, open.createArrayOf("text", topics));
      statement.setArray(2, open.createArrayOf("int", partitions));
      statement.setArray(3, open.createArrayOf("bigint", offsets));
      return statement.executeUpdate();
    }
  }

  /// Columns that are not worked out from others.
  private List<String> writable(Connection open, String table) throws SQLException {
    try (PreparedStatement statement =
        open.prepareStatement(
            """
            select quote_ident(attname) from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped and attgenerated = ''
            """)) {
      statement.setString(1, own(table));
      return strings(statement);
    }
  }

  /// Deletes rows of a table and of its copy.
  ///
  /// @param column of type `timestamptz`; those that are older by it
  public void forget(String table, String column, Instant before) {
    for (String each : List.of(own(table), own("live_" + table))) {
      int _ =
          query(open -> {
            try (PreparedStatement statement =
                open.prepareStatement(
                    "delete from %s where %s < ?".formatted(each, quoted(column)))) {
              statement.setObject(1, Columns.utc(before));
              return statement.executeUpdate();
            }
          });
    }
  }

  /// The shadow's tables, as a stage sees them.
  public Database database() {
    return database;
  }

  /// Gives copied rows the text of a `jsonb` column that was worked out since, where both say the
  /// same.
  public void equate(String table, String column, BiPredicate<String, String> isSame) {
    int _ =
        query(connection ->
            RowComparison.of(connection, name, table, Set.of()).equate(column, isSame));
  }

  /// Whether anything of a table is compared.
  ///
  /// @param without columns that are not
  public boolean compares(String table, Set<String> without) {
    return !query(open -> RowComparison.of(open, name, table, without)).compared().isEmpty();
  }

  /// Compares the rows that were copied with those that were worked out since.
  ///
  /// @param without columns that are not compared
  public TableComparison compare(String table, Set<String> without) {
    execute("analyze " + own(table));
    return query(connection -> RowComparison.of(connection, name, table, without).count());
  }

  /// Where the rows differ, in the order of their keys.
  ///
  /// @param most how many are listed at most
  public List<RowDifference> differences(String table, Set<String> without, int most) {
    return query(connection -> RowComparison.of(connection, name, table, without).list(most));
  }

  /// Drops it and gives the lock back.
  @Override
  public void close() {
    database.close();
    try (connection;
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute("rollback"); // of copying that failed halfway
      drop(connection, List.of(name));
      // by itself the server gives it back when it notices that we are gone
      boolean _ = statement.execute("select pg_advisory_unlock_all()");
    } catch (SQLException e) {
      // the next owner of the lock drops it
      log.atWarn().addKeyValue("schema", name).setCause(e).log("shadow schema is left behind");
    }
  }

  private static void drop(Connection connection, List<String> schemas) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String schema : schemas) {
        boolean _ = statement.execute("drop schema if exists " + quoted(schema) + " cascade");
      }
    }
  }

  private String own(String table) {
    return quoted(name) + "." + quoted(table);
  }

  private void execute(String sql) {
    var _ =
        query(open -> {
          try (Statement statement = open.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  private <T> T query(Work<T> work) {
    try {
      return work.with(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private static RuntimeException failure(SQLException failure) {
    // no record whose batch could be tried again once privileges are given: a person must know now
    return "42501".equals(failure.getSQLState())
        ? new PermanentException(
            "the login may not make a schema: grant it create on the database", failure)
        : DatabaseErrors.translate(failure);
  }

  private static List<String> strings(PreparedStatement statement) throws SQLException {
    var strings = new ArrayList<String>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
