package dev.slipway.pr.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.GitHubProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BudgetIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Secret url = new Secret(SharedPostgres.newDatabase());
  private final ServiceSchema schema = open(url);
  private final ServiceSchema another = open(url);

  private static ServiceSchema open(Secret url) {
    return ServiceSchema.of(
        "pr",
        new DatabaseProperties(url, 8, 2, LIMIT, LIMIT, LIMIT, LIMIT, LIMIT),
        DiskSpace.unwatched());
  }

  @AfterAll
  void close() {
    schema.close();
    another.close();
  }

  private BudgetStore budget(int perMinute, int perHour, Duration spacing) {
    return budget(schema, perMinute, perHour, spacing);
  }

  private static BudgetStore budget(
      ServiceSchema process, int perMinute, int perHour, Duration spacing) {
    return new BudgetStore(
        process.database(), new GitHubProperties.Budget(perMinute, perHour, spacing), "forge");
  }

  private static GitHubException refusal(BudgetStore budget, String caller, boolean creates) {
    return catchThrowableOfType(GitHubException.class, () -> budget.take(caller, creates));
  }

  private void age(String caller, String by) {
    int rows =
        schema
            .database()
            .inStage(transaction ->
                transaction.update(
                    """
                    update github_budget set written_at = written_at - ?::interval,
                      creations = array(select at - ?::interval from unnest(creations) as t (at) order by at)
                    where caller = ?
                    """,
                    by,
                    by,
                    "forge " + caller));
    assertThat(rows).isOne();
  }

  /// As of two processes, each with connections of its own.
  @Test
  void ofWhatAMinuteHasTwoProcessesTakeTogetherAsManyAsThereAreAndNoMore()
      throws InterruptedException, ExecutionException {
    List<BudgetStore> processes =
        List.of(budget(80, 500, Duration.ZERO), budget(another, 80, 500, Duration.ZERO));
    int taken = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> all =
          threads.invokeAll(
              IntStream.range(0, 100)
                  .mapToObj(call -> takes(processes.get(call % 2), "shared"))
                  .toList());
      for (Future<Boolean> each : all) {
        taken += each.get() ? 1 : 0;
      }
    }

    assertThat(taken).isEqualTo(80);
  }

  private static Callable<Boolean> takes(BudgetStore budget, String caller) {
    return () -> refusal(budget, caller, true) == null;
  }

  @Test
  void whatIsUsedUpComesBackWhenTheOldestIsAMinuteOld() {
    BudgetStore budget = budget(2, 500, Duration.ZERO);
    budget.take("minute", true);
    age("minute", "50 seconds");
    budget.take("minute", true);

    GitHubFailure failure = refusal(budget, "minute", true).failure();

    assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMITED);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat(failure.retryAfter())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofSeconds(10).plusMillis(1));
    age("minute", "10 seconds");
    budget.take("minute", true);
    assertThat(refusal(budget, "minute", true)).isNotNull();
  }

  @Test
  void anHourHasItsOwnNumber() {
    BudgetStore budget = budget(0, 2, Duration.ZERO);
    budget.take("hour", true);
    budget.take("hour", true);
    age("hour", "59 minutes");

    assertThat(refusal(budget, "hour", true).failure().retryAfter())
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofMinutes(1).plusMillis(1));
    age("hour", "1 minute");
    budget.take("hour", true);
  }

  @Test
  void whatCreatesNothingIsNotCounted() {
    BudgetStore budget = budget(1, 1, Duration.ZERO);
    budget.take("edits", true);

    budget.take("edits", false);
    budget.take("edits", false);

    assertThat(refusal(budget, "edits", true)).isNotNull();
  }

  @Test
  void whatWasUsedIsToldOfTheMinuteAndOfTheHour() {
    BudgetStore budget = budget(80, 500, Duration.ZERO);
    assertThat(budget.used("told of")).isEqualTo(new BudgetStore.Used(0, 0));
    budget.take("told of", true);
    age("told of", "59 minutes");
    budget.take("told of", true);
    budget.take("told of", false);

    assertThat(budget.used("told of")).isEqualTo(new BudgetStore.Used(1, 2));
    age("told of", "1 minute");
    assertThat(budget.used("told of")).isEqualTo(new BudgetStore.Used(0, 1));
  }

  @Test
  void eachCallerHasABudgetOfItsOwn() {
    BudgetStore budget = budget(1, 1, Duration.ZERO);
    budget.take("one", true);

    budget.take("other", true);

    assertThat(refusal(budget, "one", true)).isNotNull();
  }

  @Test
  void whoeverGitHubToldToWaitWritesNothingUntilThen() {
    BudgetStore budget = budget(0, 0, Duration.ZERO);
    budget.rest("told", Duration.ofMinutes(30));
    budget.rest("told", Duration.ofMinutes(1));

    assertThat(refusal(budget, "told", false).failure().retryAfter())
        .isGreaterThan(Duration.ofMinutes(29))
        .isLessThanOrEqualTo(Duration.ofMinutes(30).plusMillis(1));
  }

  @Test
  void aSecondCallThatWritesWaitsForItsTurn() {
    BudgetStore budget = budget(0, 0, Duration.ofMillis(50));
    budget.take("spaced", false);

    budget.take("spaced", false);
    age("spaced", "-10 seconds");

    // more than a moment is for the caller to wait
    assertThat(refusal(budget, "spaced", false).failure().retryAfter())
        .isGreaterThan(Duration.ofSeconds(9));
  }

  @Test
  void withoutNumbersNothingIsRefused() {
    BudgetStore budget = budget(0, 0, Duration.ZERO);

    for (int i = 0; i < 100; i++) {
      budget.take("free", true);
    }

    assertThat(refusal(budget, "free", true)).isNull();
  }
}
