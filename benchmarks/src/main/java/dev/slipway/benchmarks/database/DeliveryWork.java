package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.ClosedLoop;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pr.delivery.DeliveryTrial;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/// What Slipway does with deliveries, as contestants.
final class DeliveryWork {
  static final int FIRST_ROWS = 100_000;

  private static final int BATCH = 500;
  private static final int BODY_BYTES = 7_700;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Rows that are not written through the stage get numbers that its log never reaches.
  private static final long BEYOND_THE_LOG = 1L << 40;

  private static final String QUERY =
      """
      select d.*, s.name, p.next_offset
      from delivery d
      join stage_position p on p.topic = d.topic and p.partition = d.partition
      join stage s on s.stage_id = p.stage_id
      where d.repository_name = $1 and d.event = 'pull_request' and d.outcome = 'APPLIED'
        and d.action in ('opened', 'closed') and p.next_offset > d.record_offset
      order by d.received_at desc, d.delivery_id desc
      limit 50
      """;

  private final Database database;
  private final DeliveryTrial trial;
  private final AtomicLong inserted = new AtomicLong(BEYOND_THE_LOG);

  // CONFINED: to the thread that runs the contests, as is the stage; readers begin after it
  private long next;
  private long filledFrom;

  DeliveryWork(Database database) {
    this.database = database;
    this.trial = new DeliveryTrial(database, BODY_BYTES);
  }

  /// Puts rows where queries find them.
  void fill() {
    filledFrom = next;
    write(BATCH, FIRST_ROWS / BATCH);
  }

  /// Has the stage write so many batches.
  void write(int size, int batches) {
    for (int batch = 0; batch < batches; batch++) {
      long _ = batch(size).getAsLong();
    }
  }

  private LongSupplier batch(int size) {
    LongSupplier transaction = trial.read(trial.records(next, size));
    next += size;
    return transaction;
  }

  /// The stage's transaction; reading the batch is not in the time.
  Contestant stage(int size) {
    return contestant(
        "Slipway",
        duration -> {
          long applied = 0;
          long nanos = 0;
          long operations = 0;
          while (nanos < duration.toNanos()) {
            LongSupplier transaction = batch(size);
            long began = System.nanoTime();
            applied += transaction.getAsLong();
            nanos += System.nanoTime() - began;
            operations++;
          }
          return new Sample(applied * 1e9 / nanos, operations, null, null, 0);
        });
  }

  /// Rows of new deliveries, so many in a transaction.
  Contestant insert(int clients, int size) {
    return contestant(
        "Slipway",
        duration ->
            new ClosedLoop(clients, () -> trial.insert(inserted.getAndAdd(size), size))
                .run(duration));
  }

  Contestant lookUp(int clients) {
    return contestant(
        "Slipway",
        duration ->
            new ClosedLoop(clients, () -> one(answer(trial.find(DeliveryTrial.id(random())))))
                .run(duration));
  }

  /// Deliveries of a repository that the stage is past.
  Contestant query(int clients) {
    return contestant(
        "Slipway",
        duration -> new ClosedLoop(clients, () -> one(answer(query()) > 0)).run(duration));
  }

  private Mono<Long> query() {
    return database.asApi(
        DeliveryTrial.TENANT,
        client ->
            client
                .sql(QUERY)
                .bind(0, DeliveryTrial.repository(random()))
                .map(row -> Columns.required(row, "name", String.class))
                .all()
                .count());
  }

  private long random() {
    return filledFrom + ThreadLocalRandom.current().nextLong(FIRST_ROWS);
  }

  private static <T> T answer(Mono<T> work) {
    return work.blockOptional(PATIENCE).orElseThrow();
  }

  private static long one(boolean found) {
    if (!found) {
      throw new IllegalStateException("no row where there must be one");
    }
    return 1;
  }

  private static Contestant contestant(String name, Turn turn) {
    return new Contestant() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Sample run(Duration duration) throws InterruptedException {
        return turn.run(duration);
      }
    };
  }

  @FunctionalInterface
  private interface Turn {
    Sample run(Duration duration) throws InterruptedException;
  }
}
