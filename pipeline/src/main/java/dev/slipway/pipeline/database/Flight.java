package dev.slipway.pipeline.database;

import io.r2dbc.spi.Readable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Statements that are sent at once and answered at once: one round trip, however many they are.
/// Each sees what is committed when it runs, so a read that comes after a lock sees what the lock
/// waited for. Used by one thread, once.
public final class Flight {
  private final Connection connection;
  private final StringBuilder sql = new StringBuilder();
  private final List<@Nullable Object> values = new ArrayList<>();
  private final List<Answer<?>> answers = new ArrayList<>();

  Flight(Connection connection) {
    this.connection = connection;
  }

  /// Adds a statement that answers rows.
  ///
  /// @param statement its parameters are question marks; an array is bound as an array of Postgres
  /// @param row reads one row
  public <T> Answer<List<T>> query(
      String statement, Function<Readable, T> row, @Nullable Object... parameters) {
    return add(
        statement,
        parameters,
        new Answer<>(rows -> {
          var found = new ArrayList<T>();
          if (rows != null) {
            var readable = new JdbcRow(rows);
            while (rows.next()) {
              found.add(row.apply(readable));
            }
          }
          return found;
        }));
  }

  /// Adds a statement that writes.
  ///
  /// @return how many rows it wrote
  public Answer<Integer> update(String statement, @Nullable Object... parameters) {
    return add(statement, parameters, new Answer<>(null));
  }

  private <A extends Answer<?>> A add(String statement, @Nullable Object[] parameters, A answer) {
    sql.append(answers.isEmpty() ? "" : ";\n").append(statement.strip());
    Stream.of(parameters).forEach(values::add);
    answers.add(answer);
    return answer;
  }

  /// Sends them and waits for all answers.
  void fly() throws SQLException {
    if (answers.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      int parameter = 1;
      for (Object value : values) {
        statement.setObject(parameter++, bound(value));
      }
      boolean isRows = statement.execute();
      for (Answer<?> answer : answers) {
        try (ResultSet rows = isRows ? statement.getResultSet() : null) {
          answer.take(rows, statement.getUpdateCount());
        }
        isRows = statement.getMoreResults();
      }
    }
  }

  private @Nullable Object bound(@Nullable Object value) throws SQLException {
    return switch (value) {
      case Instant time -> time.atOffset(ZoneOffset.UTC);
      case String[] texts -> connection.createArrayOf("text", texts);
      case Object[] elements -> connection.createArrayOf(type(elements), elements);
      case null, default -> value;
    };
  }

  private static String type(Object[] elements) {
    return switch (elements.getClass().getComponentType().getSimpleName()) {
      case "UUID" -> "uuid";
      case "Long" -> "int8";
      case "Integer" -> "int4";
      case "Boolean" -> "bool";
      case "Instant", "OffsetDateTime" -> "timestamptz";
      case "byte[]" -> "bytea";
      case String other -> throw new IllegalArgumentException("no array of " + other);
    };
  }

  /// What a statement answers, once the flight is back.
  public static final class Answer<T> {
    private final @Nullable Reader<T> reader;
    private @Nullable T value;

    private Answer(@Nullable Reader<T> reader) {
      this.reader = reader;
    }

    @SuppressWarnings("unchecked") // without a reader it is how many rows were written
    private void take(@Nullable ResultSet rows, int count) throws SQLException {
      value = reader == null ? (T) (Integer) count : reader.read(rows);
    }

    /// The answer.
    public T get() {
      T answer = value;
      if (answer == null) {
        throw new IllegalStateException("the flight is not back");
      }
      return answer;
    }
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(@Nullable ResultSet rows) throws SQLException;
  }
}
