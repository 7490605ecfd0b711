package dev.slipway.pipeline.database;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// The row at hand, read as the rows of requests are, so that one reader serves both drivers.
final class JdbcRow implements Readable {
  private final ResultSet rows;

  JdbcRow(ResultSet rows) {
    this.rows = rows;
  }

  @Override
  public <T> @Nullable T get(int index, Class<T> type) {
    return read(index + 1, type);
  }

  @Override
  public <T> @Nullable T get(String name, Class<T> type) {
    try {
      return read(rows.findColumn(name), type);
    } catch (SQLException e) {
      throw new IllegalArgumentException("no column " + name, e);
    }
  }

  private <T> @Nullable T read(int column, Class<T> type) {
    try {
      if (type == Instant.class) {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : type.cast(time.toInstant());
      }
      if (type == byte[].class) {
        return type.cast(rows.getBytes(column));
      }
      if (type == Json.class) {
        String text = rows.getString(column);
        return text == null ? null : type.cast(Json.of(text));
      }
      if (type.isArray()) {
        Array array = rows.getArray(column);
        return array == null ? null : type.cast(array.getArray());
      }
      return rows.getObject(column, type);
    } catch (SQLException e) {
      throw new IllegalArgumentException("column " + column + " is no " + type.getSimpleName(), e);
    }
  }
}
