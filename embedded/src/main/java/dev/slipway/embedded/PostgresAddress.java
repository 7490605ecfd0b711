package dev.slipway.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// Where a PostgreSQL server listens, and the password of its login `slipway`.
record PostgresAddress(String host, int port, String password) {

  /// A connection as login `slipway`.
  Connection connect(String database) throws SQLException {
    return connect(PostgresCluster.OWNER, database);
  }

  /// A connection as any login with that password.
  Connection connect(String login, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login);
    properties.setProperty("password", password);
    properties.setProperty("sslmode", "disable");
    properties.setProperty("gssEncMode", "disable");
    properties.setProperty("connectTimeout", "5");
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(host, port, database), properties);
  }

  /// URL of a database, credentials of login `slipway` included.
  String url(String database) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(PostgresCluster.OWNER, password, host, port, database);
  }
}
