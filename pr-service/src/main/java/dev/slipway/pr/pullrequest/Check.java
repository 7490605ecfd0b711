package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparingLong;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The result of a check run or a commit status: the newest run counts, and in one run its end.
///
/// @param runId GitHub's id of the check run or status: a later one is greater
record Check(Key key, long runId, Result result, @Nullable Instant endedAt) {
  private static final Comparator<Check> ORDER =
      comparingLong(Check::runId)
          .thenComparing((Check check) -> check.result != Result.PENDING)
          .thenComparing(Check::endedAt, nullsFirst(naturalOrder()))
          .thenComparing(Check::result);

  /// What it came to.
  public enum Result {
    PENDING,
    SUCCEEDED,
    FAILED
  }

  /// Where results replace each other.
  ///
  /// @param sha the commit
  /// @param appId the app whose check run it is; 0 for a commit status
  /// @param name of the check run, or context of the commit status
  public record Key(String sha, Kind kind, long appId, String name) {}

  /// Two ways of GitHub to say the same.
  public enum Kind {
    CHECK_RUN,
    STATUS
  }

  Check with(Check other) {
    return ORDER.compare(this, other) < 0 ? other : this;
  }
}
