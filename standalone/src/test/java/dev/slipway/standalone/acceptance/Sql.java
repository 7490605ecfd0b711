package dev.slipway.standalone.acceptance;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// What no part of the product would do: looks at an installation's rows, and tampers with them, as
/// the login that owns them.
record Sql(String url, String password) {
  static Sql of(Slipway slipway) {
    return new Sql(
        "jdbc:" + slipway.endpoints().path("database").asString().replace("slipway@", ""),
        slipway.file("database-password"));
  }

  /// Answers how many rows it changed.
  int update(String sql) {
    try (Connection connection = DriverManager.getConnection(url, "slipway", password);
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The first column.
  List<String> strings(String sql) {
    try (Connection connection = DriverManager.getConnection(url, "slipway", password);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> strings = new ArrayList<>();
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
      return strings;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
