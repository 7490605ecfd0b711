package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.security.Secret;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Tag("slow")
class CancelledTransactionIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int TRANSACTIONS = 2_000;
  private static final int AT_ONCE = 8;

  /// Half of a transaction is what a rollback leaves of it that was meant for the one before.
  @Test
  void noTransactionIsEverHalfDoneHoweverManyAreCancelled() {
    var properties =
        new DatabaseProperties(
            new Secret(SharedPostgres.newDatabase()),
            2,
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    Migrations.migrate(properties, "ledger");
    try (Database database = Database.of(properties, "ledger")) {
      Long begun =
          Flux.range(0, TRANSACTIONS)
              .flatMap(number -> cancelledOrNot(database, number), AT_ONCE)
              .count()
              .block(PATIENCE);

      assertThat(begun).isEqualTo(TRANSACTIONS);
      assertThat(rows(database, "having count(*) = 4")).isPositive();
      assertThat(rows(database, "having count(*) <> 4")).isZero();
    }
  }

  /// Every other one is given up somewhere on its way.
  private static Mono<Boolean> cancelledOrNot(Database database, int number) {
    Mono<Boolean> written = database.asApi("default", client -> write(client, number));
    long micros = ThreadLocalRandom.current().nextLong(1, 8_000);
    return number % 2 == 0
        ? written
        : written
            .takeUntilOther(Mono.delay(Duration.ofNanos(micros * 1_000)))
            .defaultIfEmpty(false);
  }

  private static Mono<Boolean> write(DatabaseClient client, int number) {
    return Flux.range(0, 4)
        .concatMap(part ->
            client
                .sql("insert into ledger (name, entries) values ($1, $2)")
                .bind(0, number + "." + part)
                .bind(1, Integer.toString(number))
                .fetch()
                .rowsUpdated())
        .then(Mono.just(true));
  }

  private static long rows(Database database, String having) {
    return database
        .inStage(transaction ->
            transaction.query(
                "select entries from ledger group by entries " + having,
                row -> Columns.required(row, "entries", String.class)))
        .size();
  }
}
