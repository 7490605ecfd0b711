package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/// What pr-service has put down of its own work.
final class Figures implements AutoCloseable {
  private final Connection connection;

  private Figures(Connection connection) {
    this.connection = connection;
  }

  static Figures of(SlipwayParts slipway) throws IOException {
    URI url = slipway.url("database");
    try {
      return new Figures(
          DriverManager.getConnection(
              "jdbc:postgresql://%s:%d%s".formatted(url.getHost(), url.getPort(), url.getPath()),
              url.getUserInfo(),
              slipway.secret("database-password")));
    } catch (SQLException e) {
      throw new IOException("could not connect", e);
    }
  }

  /// Deliveries that are settled.
  long seen() throws IOException {
    return query(
        "select coalesce(sum(seen), 0)::bigint from pr.stage_position",
        result -> result.getLong(1));
  }

  /// Deliveries that it could not work on.
  long failed() throws IOException {
    return query(
        "select coalesce(sum(dead + rejected + foreign_type), 0)::bigint from pr.stage_position",
        result -> result.getLong(1));
  }

  private <T> T query(String sql, Reader<T> reader) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new IOException("no row for " + sql);
      }
      return reader.read(result);
    } catch (SQLException e) {
      throw new IOException("could not " + sql, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @FunctionalInterface
  private interface Reader<T> {
    T read(ResultSet result) throws SQLException;
  }
}
