package dev.slipway.web.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// Answers as GitHub was recorded to give them, and as it documents them.
class FailuresTest {
  private static final Secret TOKEN = new Secret("ghp_" + "a".repeat(36));
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final String HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";

  private static Received answer(HttpMethod method, int status, String body, String... headers) {
    HttpHeaders all = new HttpHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return new Received(
        new Call(
            method,
            URI.create("https://api.github.com/repos/acme/site/pulls"),
            Credential.token(TOKEN),
            HttpHeaders.EMPTY,
            null),
        status,
        all,
        body.getBytes(UTF_8),
        NOW);
  }

  private static Arguments refusal(FailureCode code, int status, String body) {
    return Arguments.of(code, status, body);
  }

  private static String message(String text) {
    return "{\"message\":\"%s\",\"documentation_url\":\"https://docs.github.com\"}".formatted(text);
  }

  private static String invalid(String errors) {
    return "{\"message\":\"Validation Failed\",\"errors\":%s}".formatted(errors);
  }

  static Stream<Arguments> recorded() {
    return Stream.of(
        refusal(FailureCode.AUTH_FAILED, 401, message("Bad credentials")),
        refusal(FailureCode.AUTH_FAILED, 401, message("A JSON web token could not be decoded")),
        refusal(FailureCode.FORBIDDEN, 403, message("Resource not accessible by integration")),
        refusal(FailureCode.FORBIDDEN, 403, message("Must have push access to repository")),
        refusal(FailureCode.FORBIDDEN, 403, message("Repository was archived so is read-only.")),
        refusal(FailureCode.FORBIDDEN, 403, message("This installation has been suspended")),
        refusal(FailureCode.FORBIDDEN, 403, ""),
        refusal(FailureCode.FORBIDDEN, 451, message("Repository access blocked")),
        refusal(FailureCode.NOT_FOUND, 404, message("Not Found")),
        refusal(FailureCode.NOT_FOUND, 404, HTML),
        refusal(FailureCode.NOT_FOUND, 410, message("Issues are disabled for this repo")),
        refusal(
            FailureCode.ALREADY_EXISTS,
            422,
            invalid(
                """
                [{"resource":"PullRequest","code":"custom","message":"A pull request already exists for acme:topic."}]\
                """)),
        refusal(
            FailureCode.ALREADY_EXISTS,
            422,
            invalid("[{\"message\":\"Hook already exists on this repository\"}]")),
        refusal(FailureCode.ALREADY_EXISTS, 422, message("Reference already exists")),
        refusal(
            FailureCode.NO_COMMITS_BETWEEN,
            422,
            invalid(
                "[{\"resource\":\"PullRequest\",\"code\":\"custom\",\"message\":\"No commits between"
                    + " main and topic\"}]")),
        refusal(
            FailureCode.NO_COMMITS_BETWEEN,
            422,
            invalid("[\"No commits between main and topic\"]")),
        refusal(
            FailureCode.NO_COMMITS_BETWEEN, 422, invalid("\"No commits between main and topic\"")),
        refusal(
            FailureCode.BASE_NOT_FOUND,
            422,
            """
            {"message":"Proposed base branch 'x' was not found",
             "errors":[{"resource":"PullRequest","field":"base","code":"invalid"}]}
            """),
        refusal(
            FailureCode.HEAD_INVALID,
            422,
            invalid("[{\"resource\":\"PullRequest\",\"field\":\"head\",\"code\":\"invalid\"}]")),
        refusal(
            FailureCode.VALIDATION_FAILED,
            422,
            message("Invalid request.\\n\\n\\\"title\\\" wasn't supplied.")),
        refusal(FailureCode.VALIDATION_FAILED, 422, "{\"errors\":{\"a\":[1]}}"),
        refusal(FailureCode.VALIDATION_FAILED, 422, ""),
        refusal(FailureCode.VALIDATION_FAILED, 400, message("Problems parsing JSON")),
        refusal(FailureCode.VALIDATION_FAILED, 405, message("Pull Request is not mergeable")),
        refusal(FailureCode.VALIDATION_FAILED, 409, message("Git Repository is empty.")),
        refusal(FailureCode.VALIDATION_FAILED, 415, ""),
        refusal(FailureCode.INTERNAL, 418, ""));
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void aRefusalIsWhatItsStatusAndItsErrorsSay(FailureCode code, int status, String body) {
    GitHubFailure failure = Failures.of(answer(HttpMethod.POST, status, body));

    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.retryable()).isFalse();
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat(failure.message()).startsWith("POST /repos/acme/site/pulls as token: " + status);
  }

  @ParameterizedTest
  @CsvSource({"303, POST, true", "300, PATCH, true", "304, GET, false"})
  void whatNobodyDocumentsDoesNotSayThatNothingHappened(
      int status, String method, boolean mayHaveHappened) {
    assertThat(Failures.of(answer(HttpMethod.valueOf(method), status, HTML)))
        .returns(FailureCode.INTERNAL, GitHubFailure::code)
        .returns(false, GitHubFailure::retryable)
        .returns(mayHaveHappened, GitHubFailure::mayHaveHappened);
  }

  static Stream<Arguments> limits() {
    String nothing = message("Everything is fine");
    String words = message("You have exceeded a secondary rate limit. Please wait a few minutes.");
    return Stream.of(
        Arguments.of(61, answer(HttpMethod.POST, 403, nothing, "Retry-After", "61")),
        Arguments.of(60, answer(HttpMethod.POST, 403, nothing, "gh-limited-by", "minute")),
        Arguments.of(60, answer(HttpMethod.POST, 403, words, "X-RateLimit-Remaining", "12")),
        Arguments.of(60, answer(HttpMethod.GET, 403, message("You triggered abuse detection"))),
        Arguments.of(5, answer(HttpMethod.POST, 429, words, "Retry-After", "5")),
        Arguments.of(60, answer(HttpMethod.POST, 429, HTML)),
        Arguments.of(1, answer(HttpMethod.POST, 429, words, "Retry-After", "0")),
        // by the server's clock, which is an hour behind ours
        Arguments.of(
            90,
            answer(
                HttpMethod.POST,
                429,
                words,
                "Date",
                "Sun, 01 Nov 2026 11:00:00 GMT",
                "Retry-After",
                "Sun, 01 Nov 2026 11:01:30 GMT")),
        Arguments.of(
            30,
            answer(HttpMethod.POST, 429, words, "Retry-After", "Sun, 01 Nov 2026 12:00:30 GMT")),
        Arguments.of(60, answer(HttpMethod.POST, 429, words, "Retry-After", "soon")),
        Arguments.of(
            600,
            answer(
                HttpMethod.GET,
                403,
                message("API rate limit exceeded"),
                "x-ratelimit-remaining",
                "0",
                "x-ratelimit-reset",
                "" + NOW.plusSeconds(600).getEpochSecond())),
        // a server that means for ever
        Arguments.of(7_200, answer(HttpMethod.GET, 429, words, "Retry-After", "999999999")));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void aLimitHasAMarkAndATimeToWait(int seconds, Received answer) {
    assertThat(Failures.of(answer))
        .returns(FailureCode.RATE_LIMITED, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(false, GitHubFailure::mayHaveHappened)
        .returns(Duration.ofSeconds(seconds), GitHubFailure::retryAfter);
  }

  @ParameterizedTest
  @CsvSource({
    "500, UNAVAILABLE, GET, false",
    "502, UNAVAILABLE, GET, false",
    "502, UNAVAILABLE, POST, true",
    "503, UNAVAILABLE, PATCH, true",
    "504, TIMEOUT, POST, true",
    "504, TIMEOUT, GET, false",
    "408, TIMEOUT, POST, true",
  })
  void whatDoesNotWorkMayWorkLaterAndMayHaveWorked(
      int status, FailureCode code, String method, boolean mayHaveHappened) {
    assertThat(Failures.of(answer(HttpMethod.valueOf(method), status, HTML)))
        .returns(code, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(Duration.ZERO, GitHubFailure::retryAfter)
        .returns(mayHaveHappened, GitHubFailure::mayHaveHappened);
  }

  @Test
  void whatIsAwayIsLeftAloneForAsLongAsItAsks() {
    assertThat(Failures.of(answer(HttpMethod.GET, 503, "", "Retry-After", "7")).retryAfter())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void noTokenThatAnAnswerRepeatsIsShown() {
    String other = "github_pat_" + "b".repeat(30);

    GitHubFailure failure =
        Failures.of(answer(HttpMethod.GET, 401, message("no: " + TOKEN.value() + " nor " + other)));

    assertThat(failure.message())
        .contains("no: ********")
        .doesNotContain(TOKEN.value())
        .doesNotContain(other);
  }
}
