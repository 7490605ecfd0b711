package dev.slipway.benchmarks.database;

import dev.slipway.benchmarks.ClosedLoop;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pr.pullrequest.PullRequestTrial;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Pull requests that are looked up by their numbers, each with its checks and its sandbox.
final class PullRequestWork {
  static final int ROWS = 1_000_000;

  private static final int ROWS_AT_ONCE = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final PullRequestTrial trial;

  PullRequestWork(Database database) {
    this.trial = new PullRequestTrial(database);
  }

  /// Puts them there, a part in each transaction: one takes no longer than the stage's may.
  void fill() {
    for (int from = 1; from <= ROWS; from += ROWS_AT_ONCE) {
      trial.fill(from, ROWS_AT_ONCE);
    }
  }

  Contestant lookUp(int clients) {
    return new Contestant() {
      @Override
      public String name() {
        return "Slipway";
      }

      @Override
      public Sample run(Duration duration) throws InterruptedException {
        return new ClosedLoop(clients, PullRequestWork.this::one).run(duration);
      }
    };
  }

  private long one() {
    long number = 1 + ThreadLocalRandom.current().nextLong(ROWS);
    if (!trial.find(number).blockOptional(PATIENCE).orElse(false)) {
      throw new IllegalStateException("pull request " + number + " is not found");
    }
    return 1;
  }
}
