package dev.slipway.pipeline.database;

import io.r2dbc.spi.Readable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One transaction on the thread that waits for it.
public final class Transaction {
  private final Connection connection;

  Transaction(Connection connection) {
    this.connection = connection;
  }

  /// Sends what is put into the flight, in one round trip.
  ///
  /// @param load puts statements into it; each answer is there when this returns
  public void fly(Consumer<Flight> load) {
    var flight = new Flight(connection);
    load.accept(flight);
    fly(flight);
  }

  /// Sends what is put into the flight, in one round trip.
  ///
  /// @param load puts statements into it
  /// @return what `load` returned, such as answers, which are there now
  public <T> T send(Function<Flight, T> load) {
    var flight = new Flight(connection);
    T answers = load.apply(flight);
    fly(flight);
    return answers;
  }

  /// One statement that answers rows.
  public <T> List<T> query(String sql, Function<Readable, T> row, @Nullable Object... parameters) {
    var flight = new Flight(connection);
    Flight.Answer<List<T>> rows = flight.query(sql, row, parameters);
    fly(flight);
    return rows.get();
  }

  /// One statement that writes.
  ///
  /// @return how many rows
  public int update(String sql, @Nullable Object... parameters) {
    var flight = new Flight(connection);
    Flight.Answer<Integer> rows = flight.update(sql, parameters);
    fly(flight);
    return rows.get();
  }

  private static void fly(Flight flight) {
    try {
      flight.fly();
    } catch (SQLException e) {
      throw DatabaseErrors.translate(e);
    }
  }
}
