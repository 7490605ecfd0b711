package dev.slipway.pipeline.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where Postgres is and who we are there, read from a connection URI (PostgreSQL manual,
/// 34.1.1.2).
///
/// @param sslMode libpq's `sslmode`, such as `require`; `prefer` when the URI says nothing
record DatabaseUrl(
    String host, int port, String database, String user, String password, String sslMode) {
  private static final Pattern SSL_MODE = Pattern.compile("(?:^|&)sslmode=([^&]*)");

  /// Reads `postgresql://user:password@host:port/database?sslmode=…`.
  ///
  /// @throws IllegalArgumentException names what is missing, never the URI itself: it holds a
  ///   password
  static DatabaseUrl parse(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      // without its cause: the parser's message quotes the text, password and all
      throw wrong("is not a URI; percent-encode special characters in user and password");
    }
    if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
      throw wrong("must begin with postgresql://");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() == null) {
      throw wrong("needs user, password and host");
    }
    String[] user = uri.getRawUserInfo().split(":", 2);
    String database = Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("^/", "");
    if (user.length < 2 || database.isEmpty()) {
      throw wrong("needs user, password, host and database");
    }
    return new DatabaseUrl(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        database,
        decoded(user[0]),
        decoded(user[1]),
        sslMode(Optional.ofNullable(uri.getRawQuery()).orElse("")));
  }

  private static String sslMode(String query) {
    Matcher given = SSL_MODE.matcher(query);
    return given.find() ? given.group(1) : "prefer";
  }

  /// The same place for the JDBC driver; user and password go beside it.
  String jdbcUrl() {
    return "jdbc:postgresql://%s:%d/%s?sslmode=%s".formatted(host, port, database, sslMode);
  }

  /// Without the password.
  @Override
  public String toString() {
    return "postgresql://%s@%s:%d/%s".formatted(user, host, port, database);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "DATABASE_URL " + what + ": postgresql://user:password@host:port/database");
  }
}
