package dev.slipway.pr.github;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.GitHubProperties;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Table `github_budget`: what every process has called of late, so that they keep within GitHub's
/// limits together. By the database's clock alone.
final class BudgetStore implements CallBudget {
  private static final int ATTEMPTS = 20;
  private static final double NANOS = 1e9;
  private static final Duration ROUNDING = Duration.ofMillis(1);

  private final Database database;
  private final GitHubProperties.Budget limits;
  private final String host;

  /// @param host whose limits they are
  BudgetStore(Database database, GitHubProperties.Budget limits, String host) {
    this.database = database;
    this.limits = limits;
    this.host = host;
  }

  @Override
  public void take(String caller, boolean creates) {
    String row = host + " " + caller;
    for (int attempt = 1; ; attempt++) {
      if (takes(row, creates)) {
        return;
      }
      Duration wait = untilNext(row, creates);
      if (attempt == ATTEMPTS || wait.compareTo(limits.spacing().plus(ROUNDING)) > 0) {
        throw spent(caller, wait);
      }
      pause(caller, wait);
    }
  }

  /// One statement, so that of many who want the last one only one gets it.
  private boolean takes(String row, boolean creates) {
    return database.inStage(transaction ->
        transaction.update(
            """
            insert into github_budget as known (caller, creations, written_at)
            values (?, case when ? then array[clock_timestamp()] else '{}' end, clock_timestamp())
            on conflict (caller) do update set
              creations = array(
                select at from unnest(known.creations || excluded.creations) as t (at)
                where at > clock_timestamp() - interval '1 hour' order by at),
              written_at = clock_timestamp()
            where known.limited_until <= clock_timestamp()
              and known.written_at <= clock_timestamp() - make_interval(secs => ?)
              and (excluded.creations = '{}' or (
                (select count(*) from unnest(known.creations) as t (at)
                  where at > clock_timestamp() - interval '1 minute') < ?
                and (select count(*) from unnest(known.creations) as t (at)
                  where at > clock_timestamp() - interval '1 hour') < ?))
            """,
            row,
            creates,
            seconds(limits.spacing()),
            orMany(limits.perMinute()),
            orMany(limits.perHour())))
        > 0;
  }

  /// How long it takes until there is one, if nobody else takes it.
  private Duration untilNext(String row, boolean creates) {
    double seconds =
        database
            .inStage(transaction ->
                transaction.query(
                    """
                    select extract(epoch from greatest(
                      case when limited_until > '-infinity' then limited_until end,
                      written_at + make_interval(secs => ?),
                      case when ? then creations[cardinality(creations) - ? + 1] + interval '1 minute' end,
                      case when ? then creations[cardinality(creations) - ? + 1] + interval '1 hour' end
                      ) - clock_timestamp())::float8 as seconds
                    from github_budget where caller = ?
                    """,
                    found -> Columns.required(found, "seconds", Double.class),
                    seconds(limits.spacing()),
                    creates,
                    orMany(limits.perMinute()),
                    creates,
                    orMany(limits.perHour()),
                    row))
            .getFirst();
    return Duration.ofNanos((long) (Math.max(seconds, 0) * NANOS)).plus(ROUNDING);
  }

  @Override
  public void rest(String caller, Duration wait) {
    var _ =
        database.inStage(transaction ->
            transaction.update(
                """
                insert into github_budget as known (caller, creations, written_at, limited_until)
                values (?, '{}', '-infinity', clock_timestamp() + make_interval(secs => ?))
                on conflict (caller) do update set
                  limited_until = greatest(known.limited_until, excluded.limited_until)
                """,
                host + " " + caller,
                seconds(wait)));
  }

  /// Calls that created something people see.
  ///
  /// @param minute of the last one
  /// @param hour likewise
  record Used(int minute, int hour) {}

  /// What a caller has used of late.
  Used used(String caller) {
    return database
        .inStage(transaction ->
            transaction.query(
                """
                select count(*) filter (where at > clock_timestamp() - interval '1 minute')::int as minute,
                  count(*) filter (where at > clock_timestamp() - interval '1 hour')::int as hour
                from github_budget, unnest(creations) as t (at) where caller = ?
                """,
                found ->
                    new Used(
                        Columns.required(found, "minute", Integer.class),
                        Columns.required(found, "hour", Integer.class)),
                host + " " + caller))
        .getFirst();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  private static int orMany(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  private static void pause(String caller, Duration wait) {
    try {
      boolean _ = new CountDownLatch(1).await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw spent(caller, wait);
    }
  }

  private static GitHubException spent(String caller, Duration wait) {
    return new GitHubException(
        new GitHubFailure(
            FailureCode.RATE_LIMITED,
            "as %s: the budget of calls that write is used up for %d s (slipway.github.budget)"
                .formatted(caller, wait.toSeconds() + 1),
            true,
            wait,
            false));
  }
}
