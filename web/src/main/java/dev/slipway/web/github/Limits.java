package dev.slipway.web.github;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/// When an answer says that there were too many calls, and how long to wait: pure.
///
/// A 429 always says so, a 403 only with one of GitHub's marks: `Retry-After`, `gh-limited-by`, no
/// calls remaining, or the words.
final class Limits {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final Pattern WORDS =
      Pattern.compile("rate limit|abuse detection", Pattern.CASE_INSENSITIVE);
  private static final Duration UNSAID = Duration.ofSeconds(60);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofHours(2);

  private Limits() {}

  /// The time to wait; empty when it is no refusal for too many calls.
  static Optional<Duration> wait(Received answer) {
    return answer.status() == 429 || (answer.status() == 403 && isMarked(answer))
        ? Optional.of(bounded(asked(answer)))
        : Optional.empty();
  }

  private static boolean isMarked(Received answer) {
    return answer.header(HttpHeaders.RETRY_AFTER).isPresent()
        || answer.header("gh-limited-by").isPresent()
        || isUsedUp(answer)
        || WORDS.matcher(Complaint.of(answer.body()).message()).find();
  }

  private static boolean isUsedUp(Received answer) {
    return answer.header("x-ratelimit-remaining").filter("0"::equals).isPresent();
  }

  private static Duration asked(Received answer) {
    return retryAfter(answer)
        .or(() -> isUsedUp(answer) ? untilReset(answer) : Optional.empty())
        .orElse(UNSAID);
  }

  /// What header `Retry-After` asks for, in seconds or as a date.
  static Optional<Duration> retryAfter(Received answer) {
    return answer
        .header(HttpHeaders.RETRY_AFTER)
        .flatMap(value ->
            SECONDS.matcher(value).matches()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(value)))
                : Received.instant(value).map(then -> Duration.between(now(answer), then)))
        .map(Limits::bounded);
  }

  private static Optional<Duration> untilReset(Received answer) {
    return answer
        .header("x-ratelimit-reset")
        .filter(value -> value.matches("\\d{1,11}"))
        .map(value -> Duration.between(now(answer), Instant.ofEpochSecond(Long.parseLong(value))));
  }

  /// By the clock that the times are of, where it is told.
  private static Instant now(Received answer) {
    Instant date = answer.date();
    return date == null ? answer.at() : date;
  }

  private static Duration bounded(Duration wait) {
    if (wait.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return wait.compareTo(MOST) > 0 ? MOST : wait;
  }
}
