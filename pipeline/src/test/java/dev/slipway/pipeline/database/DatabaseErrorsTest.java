package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.error.RetryableException;
import io.r2dbc.spi.R2dbcBadGrammarException;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcRollbackException;
import io.r2dbc.spi.R2dbcTimeoutException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseErrorsTest {
  static Stream<Throwable> away() {
    return Stream.of(
        new TimeoutException(),
        new IOException("reset"),
        new R2dbcTimeoutException("acquire"),
        new R2dbcRollbackException("deadlock"),
        new R2dbcNonTransientResourceException("closed"),
        new IllegalStateException("wrapped", new R2dbcTimeoutException("within")));
  }

  @ParameterizedTest
  @MethodSource("away")
  void whatIsAwayIsRetryable(Throwable failure) {
    assertThat(DatabaseErrors.translate(failure))
        .isInstanceOf(RetryableException.class)
        .hasCause(failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "28P01", "3D000", "40P01", "53300", "55P03", "57P01", "57014", "58030", "XX000",
        "25006", "42501", "42P01"
      })
  void noRecordIsAtFaultForTheseStates(String sqlState) {
    var failure = new R2dbcBadGrammarException("", sqlState);

    assertThat(DatabaseErrors.translate(failure)).isInstanceOf(RetryableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "22001", "23505", "23514", "42601", "42883", "P0001"})
  void ourOwnMistakesStayWhatTheyAre(String sqlState) {
    var failure = new R2dbcDataIntegrityViolationException("", sqlState);

    assertThat(DatabaseErrors.translate(failure)).isSameAs(failure);
  }

  @Test
  void whatIsTranslatedIsNotTranslatedAgain() {
    var failure = new RetryableException("away", Duration.ofSeconds(7), null);

    assertThat(DatabaseErrors.translate(failure)).isSameAs(failure);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "28P01", "3D000", "40P01", "53300", "55P03", "57P01", "58030", "XX000", "25006",
        "42501", "42P01"
      })
  void norIsItForTheseOfStages(String sqlState) {
    assertThat(DatabaseErrors.translate(new SQLException("", sqlState)))
        .isExactlyInstanceOf(RetryableException.class);
  }

  @Test
  void aPoolWithoutAFreeConnectionIsAway() {
    assertThat(DatabaseErrors.translate(new SQLTransientConnectionException("no connection")))
        .isExactlyInstanceOf(RetryableException.class);
  }

  @Test
  void stagesTellTimeOutsConflictsAndBugsApart() {
    assertThat(DatabaseErrors.translate(new SQLException("", "57014")))
        .isInstanceOf(StatementTimeoutException.class);
    assertThat(DatabaseErrors.translate(new SQLException("", "23505")))
        .isInstanceOf(ConflictException.class);
    assertThat(DatabaseErrors.translate(new SQLException("", "22021")))
        .isExactlyInstanceOf(IllegalStateException.class);
    assertThat(DatabaseErrors.translate(new SQLException("no state")))
        .isExactlyInstanceOf(IllegalStateException.class);
  }
}
