package dev.slipway.web;

import java.time.DateTimeException;
import java.time.Instant;

/// Times that come in from outside: parameters, fields of bodies, options of commands. What it
/// reads, Postgres and Kafka can hold; what Java can hold beyond that is a year of five digits and
/// more, which RFC 3339 does not have.
public final class Rfc3339 {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Rfc3339() {}

  /// Reads a time.
  ///
  /// @throws IllegalArgumentException when it is no time, or not one of the years 1 to 9999
  public static Instant parse(String text) {
    try {
      Instant time = Instant.parse(text);
      if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
        return time;
      }
    } catch (DateTimeException _) {
      // told below
    }
    throw new IllegalArgumentException("no time such as 2026-11-20T07:00:00Z");
  }

  /// The last time that it reads.
  static Instant last() {
    return LAST;
  }
}
