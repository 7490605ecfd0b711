package dev.slipway.pipeline.database;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// From columns of a row, and to them.
public final class Columns {
  private Columns() {}

  /// A column that is declared `not null`.
  public static <T> T required(Readable row, String column, Class<T> type) {
    T value = row.get(column, type);
    if (value == null) {
      throw new IllegalStateException("column " + column + " is null");
    }
    return value;
  }

  /// A column of type `jsonb`, as text. Read as a string, it would begin with the version that
  /// Postgres's binary form has.
  public static @Nullable String json(Readable row, String column) {
    Json json = row.get(column, Json.class);
    return json == null ? null : json.asString();
  }

  /// One column of many rows, to be bound as an array and unnested.
  public static <R, T> @Nullable T[] of(
      Collection<R> rows, Function<R, @Nullable T> field, IntFunction<@Nullable T[]> array) {
    return rows.stream().map(field).toArray(array);
  }

  /// A time as Postgres takes it.
  public static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  /// A value to be bound, or null of a type that the driver must be told.
  public static <T> Parameter nullable(@Nullable T value, Class<T> type) {
    return value == null ? Parameters.in(type) : Parameters.in(value);
  }
}
