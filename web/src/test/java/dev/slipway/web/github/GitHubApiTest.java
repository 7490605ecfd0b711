package dev.slipway.web.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.ScriptedGitHub.Asked;
import dev.slipway.web.github.ScriptedGitHub.Reply;
import dev.slipway.web.security.Tenants;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.PostExchange;

class GitHubApiTest {
  private static final Credential ADA = Credential.token(new Secret("token-of-ada"));
  private static final Credential BOB =
      Credential.installation(
          7, new RepositoryPath("acme", "site"), new Secret("token-of-bob"), Instant.EPOCH);

  private final ScriptedGitHub server = new ScriptedGitHub();

  interface Routes {
    @GetExchange("/repos/{owner}/{repo}")
    Received repository(
        @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
        @PathVariable String owner,
        @PathVariable String repo);

    @GetExchange("/repos/acme/site/pulls?state=all")
    Received pulls(
        @RequestAttribute(GitHubApi.CREDENTIAL) Credential as, @RequestParam String head);

    @PostExchange("/repos/acme/site/pulls")
    Received open(
        @RequestAttribute(GitHubApi.CREDENTIAL) Credential as,
        @RequestBody Map<String, String> body);

    @GetExchange
    Received page(@RequestAttribute(GitHubApi.CREDENTIAL) Credential as, URI page);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private GitHubApi api(Clock clock, String... settings) {
    return GitHubApi.open(server.properties(settings), Tenants.none(), clock);
  }

  private Routes routes(String... settings) {
    return api(Clock.systemUTC(), settings).routes(Routes.class);
  }

  private static Received site(Routes routes) {
    return routes.repository(ADA, "acme", "site");
  }

  private static GitHubFailure failure(ThrowingCallable call) {
    return catchThrowableOfType(GitHubException.class, call).failure();
  }

  private static String text(Received answer) {
    return new String(answer.body(), UTF_8);
  }

  @Test
  void anAnswerIsKeptAsItCame() {
    String body = "{ \"id\": 1,\n  \"unknown\":[] }";
    server.on("GET /repos/acme/site", 200, body, "ETag", "\"1\"", "X-Request-Id", "a");

    Received answer = site(routes());

    assertThat(text(answer)).isEqualTo(body);
    assertThat(answer.date()).isNotNull();
    assertThat(answer.resource()).isEqualTo("/api/v3/repos/acme/site");
    assertThat(answer).asString().doesNotContain("unknown");
    assertThat(server.asked())
        .extracting(Asked::authorization)
        .containsExactly("Bearer token-of-ada");
  }

  @Test
  void whatIsPutIntoAnAddressStaysWhatItIs() {
    server.on("GET /repos/acme/a%2F..%2Fb%3Fc", 200, "{}");
    server.on("GET /repos/acme/site/pulls?state=all&head=acme%3Ax%26y", 200, "[]");
    Routes routes = routes();

    var _ = routes.repository(ADA, "acme", "a/../b?c");
    var _ = routes.pulls(ADA, "acme:x&y");

    assertThat(server.routes())
        .containsExactly(
            "GET /repos/acme/a%2F..%2Fb%3Fc",
            "GET /repos/acme/site/pulls?state=all&head=acme%3Ax%26y");
  }

  @Test
  void whatDidNotChangeIsNotSentAgainToTheSameCaller() {
    server.on(
        "GET /repos/acme/site",
        asked ->
            asked.etag().equals("\"1\"")
                ? Reply.of(304, "")
                : Reply.of(200, "{\"id\":1}", "ETag", "\"1\""));
    Routes routes = routes();
    Received first = site(routes);

    Received second = site(routes);
    Received others = routes.repository(BOB, "acme", "site");

    assertThat(second.status()).isEqualTo(200);
    assertThat(text(second)).isEqualTo(text(first));
    assertThat(second.at()).isAfter(first.at());
    assertThat(text(others)).isEqualTo("{\"id\":1}");
    assertThat(server.asked()).extracting(Asked::etag).containsExactly("", "\"1\"", "");
  }

  @Test
  void whatIsTooMuchToKeepIsAskedForInFull() {
    server.on("GET /repos/acme/site", 200, "{\"id\":1}", "ETag", "\"1\"");
    Routes routes = routes("client.cache-size=1KB");

    for (int i = 0; i < 3; i++) {
      var _ = site(routes);
    }

    assertThat(server.asked()).extracting(Asked::etag).containsExactly("", "", "");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void aRedirectWithinTheApiIsFollowedWithMethodAndBody(int status) {
    server.on(
        "POST /repos/acme/site/pulls",
        status,
        "",
        "Location",
        server.api() + "/repositories/1/pulls");
    server.on("GET /repositories/1", 200, "{\"full_name\":\"acme/new\"}");
    server.on("POST /repositories/1/pulls", 201, "{}");

    Received answer = routes().open(ADA, Map.of("title", "x"));

    assertThat(answer.resource()).isEqualTo("/api/v3/repositories/1/pulls");
    assertThat(server.asked().getLast())
        .isEqualTo(
            new Asked(
                "POST", "/repositories/1/pulls", "Bearer token-of-ada", "{\"title\":\"x\"}", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2:%d/api/v3/repos/acme/x",
        "http://127.0.0.1:1/api/v3/repos/acme/x",
        "https://127.0.0.1:%d/api/v3/repos/acme/x",
        "http://127.0.0.1:%d/elsewhere",
        "http://127.0.0.1:%d/api/v3/../elsewhere",
        "http://user@127.0.0.1:%d/api/v3/repos/acme/x",
        "::"
      })
  void aRedirectToElsewhereGetsNoToken(String place) {
    int port = server.api().getPort();
    server.on("GET /repos/acme/site", 302, "", "Location", place.replace("%d", "" + port));

    GitHubFailure failure = failure(() -> routes().repository(BOB, "acme", "site"));

    assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(failure.retryable()).isFalse();
    assertThat(server.routes()).containsExactly("GET /repos/acme/site");
  }

  @Test
  void aCircleOfRedirectsEnds() {
    server.on("GET /repos/acme/site", 301, "", "Location", server.api() + "/repos/acme/site");

    assertThat(failure(() -> site(routes())).message()).contains("redirected 5 times");
    assertThat(server.asked()).hasSize(6);
  }

  @Test
  void aPageIsFollowedAsItIsLinkedAndOnlyWithinTheApi() {
    server.on(
        "GET /repos/acme/site/pulls?state=all&head=a%3Ab",
        200,
        "[]",
        "Link",
        "<%s/repositories/1/pulls?page=2>; rel=\"next\", <%s/x?page=9>; rel=\"last\""
            .formatted(server.api(), server.api()));
    server.on("GET /repositories/1/pulls?page=2", 200, "[1]");
    Routes routes = routes();

    URI next = routes.pulls(ADA, "a:b").next().orElseThrow();
    Received page = routes.page(ADA, next);

    assertThat(text(page)).isEqualTo("[1]");
    assertThat(page.next()).isEmpty();
    assertThat(failure(() -> routes.page(ADA, URI.create("http://127.0.0.1:1/x"))).code())
        .isEqualTo(FailureCode.INTERNAL);
  }

  @Test
  void whoIsToldToWaitAsksNothingUntilThenAndOthersDo() {
    server.on("GET /repos/acme/site", 429, "{}", "Retry-After", "60");
    server.on("GET /repos/acme/other", 200, "{}");
    var clock = new SetClock();
    Routes routes = api(clock).routes(Routes.class);
    var _ = failure(() -> site(routes));

    GitHubFailure failure = failure(() -> routes.repository(ADA, "acme", "other"));

    assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMITED);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(60));
    var _ = routes.repository(BOB, "acme", "other");
    clock.pass(Duration.ofSeconds(60));
    var _ = routes.repository(ADA, "acme", "other");
    assertThat(server.routes())
        .containsExactly("GET /repos/acme/site", "GET /repos/acme/other", "GET /repos/acme/other");
  }

  @Test
  void whatSeemsDownIsLeftAloneForAWhile() {
    server.on("GET /repos/acme/site", 502, "<html>");
    var clock = new SetClock();
    Routes routes = api(clock, "client.breaker-calls=4").routes(Routes.class);
    for (int i = 0; i < 4; i++) {
      var _ = failure(() -> site(routes));
    }

    GitHubFailure failure = failure(() -> site(routes));

    assertThat(failure)
        .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(Duration.ofSeconds(10), GitHubFailure::retryAfter);
    assertThat(server.asked()).hasSize(4);
    server.on("GET /repos/acme/site", 200, "{}");
    clock.pass(Duration.ofSeconds(11));
    IntStream.range(0, 3).forEach(_ -> assertThat(site(routes).status()).isEqualTo(200));
  }

  @Test
  void whatIsRefusedIsNotDown() {
    server.on("GET /repos/acme/site", 404, "{}");
    Routes routes = routes("client.breaker-calls=4");

    for (int i = 0; i < 10; i++) {
      assertThat(failure(() -> site(routes)).code()).isEqualTo(FailureCode.NOT_FOUND);
    }

    assertThat(server.asked()).hasSize(10);
  }

  @Test
  void noAnswerInTimeMayHaveHappenedUnlessItWasRead() {
    var never = new CountDownLatch(1);
    ScriptedGitHub.Script hangs =
        _ -> {
          never.await();
          return Reply.of(200, "{}");
        };
    server.on("GET /repos/acme/site", hangs).on("POST /repos/acme/site/pulls", hangs);
    Routes routes = routes("client.request-timeout=200ms");

    GitHubFailure read = failure(() -> site(routes));
    GitHubFailure written = failure(() -> routes.open(ADA, Map.of()));

    never.countDown();
    assertThat(read)
        .returns(FailureCode.TIMEOUT, GitHubFailure::code)
        .returns(false, GitHubFailure::mayHaveHappened);
    assertThat(written)
        .returns(FailureCode.TIMEOUT, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(true, GitHubFailure::mayHaveHappened);
  }

  @Test
  void aServerThatIsNotThereIsUnavailableAndNothingWasSent() {
    Routes routes = routes();
    server.close();

    assertThat(failure(() -> routes.open(ADA, Map.of())))
        .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(false, GitHubFailure::mayHaveHappened);
  }

  @Test
  void anAnswerThatIsTooLargeIsNotReadOn() {
    server.on("GET /repos/acme/site", 200, "x".repeat(70_000));

    GitHubFailure failure = failure(() -> site(routes("client.answer-size=64KB")));

    assertThat(failure.code()).isEqualTo(FailureCode.TOO_LARGE);
    assertThat(failure.message()).contains("slipway.github.client.answer-size");
  }

  @Test
  void anAnswerOfAnotherShapeIsNamedWithItsRoute() {
    server.on("GET /repos/acme/site", 200, "{\"id\":\"one\"}");
    server.on("GET /repos/acme/other", 200, "<html>");
    Routes routes = routes();

    GitHubFailure lacking = failure(() -> AnswerJson.of(site(routes)).number("/id"));
    GitHubFailure html =
        failure(() -> AnswerJson.of(routes.repository(ADA, "acme", "other")).number("/id"));

    assertThat(lacking.code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(lacking.message())
        .contains("GET /api/v3/repos/acme/site")
        .contains("a number at /id");
    assertThat(html.message()).contains("without JSON");
  }

  @Test
  void callsOfManyAtOnceAreAllMade() {
    var count = new AtomicInteger();
    server.on(
        "GET /repos/acme/site",
        _ -> Reply.of(200, "{\"id\":%d}".formatted(count.incrementAndGet())));
    Routes routes = routes();

    IntStream.range(0, 50)
        .parallel()
        .forEach(_ -> assertThat(site(routes).status()).isEqualTo(200));

    assertThat(count).hasValue(50);
  }

  /// A clock that a test moves.
  static final class SetClock extends Clock {
    // CONFINED: to the thread of the tests
    private Instant now = Instant.parse("2026-11-01T12:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
