package dev.slipway.pr.pullrequest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.security.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What locking costs, and in which order it is done.
class RepositoryStoreIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final RepositoryStore STORE = new RepositoryStore();

  private static Database database;

  @BeforeAll
  static void create() {
    var properties =
        new DatabaseProperties(
            new Secret(SharedPostgres.newDatabase()), 2, 1, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT);
    Migrations.migrate(properties, "pr");
    database = Database.of(properties, "pr");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  /// Locks of rows stand in the rows. Postgres's table of locks is of one size, for all connections
  /// together: who fills it leaves none to anybody.
  @Test
  void tenThousandRepositoriesAreLockedAtOnce() {
    for (String round : List.of("new", "known")) {
      long locks =
          database.inStage(transaction -> {
            int loaded = lock(transaction, repositories(IntStream.range(0, 10_000)));
            assertThat(loaded).as(round).isEqualTo(10_000);
            return transaction
                .query(
                    "select count(*) as n from pg_locks where pid = pg_backend_pid()",
                    row -> Columns.required(row, "n", Long.class))
                .getFirst();
          });

      assertThat(locks).as(round).isLessThan(100);
    }
  }

  @Test
  void batchesThatShareRepositoriesWaitForEachOtherAndNeverInACircle() {
    CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> rounds(1));
    rounds(2);
    beside.join();

    List<Long> known =
        database.inStage(transaction ->
            transaction.query(
                "select count(*) as n from repository where repository_id >= 20000",
                row -> Columns.required(row, "n", Long.class)));
    assertThat(known).containsExactly(4_000L);
  }

  /// In each some are new and some are known, to both.
  private static void rounds(int seed) {
    var random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      int first = 20_000 + round * 100;
      var some = IntStream.range(first, first + 100).map(id -> id - 50 * random.nextInt(2));
      var all = IntStream.concat(some, IntStream.range(first, first + 100));
      int loaded = database.inStage(transaction -> lock(transaction, repositories(all)));
      assertThat(loaded).isGreaterThanOrEqualTo(100);
    }
  }

  private static int lock(
      Transaction transaction, SortedMap<AggregateId, List<Fact>> repositories) {
    return transaction.send(flight -> STORE.load(flight, repositories)).get().states().size();
  }

  private static SortedMap<AggregateId, List<Fact>> repositories(IntStream ids) {
    var repositories = new TreeMap<AggregateId, List<Fact>>();
    ids.forEach(id -> repositories.put(new RepositoryKey("acme", id).aggregate(), List.of()));
    return repositories;
  }
}
