package dev.slipway.pipeline.database;

import dev.slipway.pipeline.error.RetryableException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Translates what the driver throws at the border: away for now, or our own mistake.
final class DatabaseErrors {
  // PostgreSQL manual, appendix A: connection exception, invalid authorization, invalid catalog
  // name, transaction rollback (deadlock, serialisation), insufficient resources, operator
  // intervention, system error, internal error; lock not available; read-only: a fail-over under
  // way; privileges or tables missing: an operator can give them back, and no record is at fault.
  private static final Pattern RETRYABLE_STATE =
      Pattern.compile("(08|28|3D|3F|40|53|57|58|XX).{3}|55P03|25006|42501|42P01");

  private static final String QUERY_CANCELED = "57014";
  private static final String UNIQUE_VIOLATION = "23505";

  private DatabaseErrors() {}

  /// A [RetryableException] when the database is away, busy or undid the transaction; else the
  /// failure itself.
  static Throwable translate(Throwable failure) {
    if (failure instanceof RetryableException) {
      return failure;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isRetryable(cause)) {
        return away(failure);
      }
    }
    return failure;
  }

  /// The same of what the JDBC driver throws, with what stages tell apart.
  ///
  /// | SQLSTATE | |
  /// |---|---|
  /// | 57014: the statement took too long | [StatementTimeoutException] |
  /// | 23505: somebody else has made the row | [ConflictException] |
  static RuntimeException translate(SQLException failure) {
    String state = failure.getSQLState();
    if (QUERY_CANCELED.equals(state)) {
      return new StatementTimeoutException(failure);
    }
    if (UNIQUE_VIOLATION.equals(state)) {
      return new ConflictException("another transaction has made the row", failure);
    }
    return failure instanceof SQLTransientException || matches(state)
        ? away(failure)
        : new IllegalStateException("the database refuses a statement", failure);
  }

  static RetryableException away(Throwable failure) {
    return new RetryableException(
        "the database does not answer as it should: check that it runs and takes connections",
        Duration.ZERO,
        failure);
  }

  private static boolean isRetryable(Throwable cause) {
    return switch (cause) {
      case R2dbcTransientException _,
          R2dbcNonTransientResourceException _,
          TimeoutException _,
          IOException _ ->
          true;
      case R2dbcException e -> matches(e.getSqlState());
      default -> false;
    };
  }

  private static boolean matches(@Nullable String state) {
    return state != null && RETRYABLE_STATE.matcher(state).matches();
  }
}
