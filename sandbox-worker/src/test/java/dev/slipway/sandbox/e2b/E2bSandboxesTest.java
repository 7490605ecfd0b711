package dev.slipway.sandbox.e2b;

import static dev.slipway.sandbox.e2b.ScriptedE2b.DETAIL;
import static dev.slipway.sandbox.e2b.ScriptedE2b.KEY;
import static dev.slipway.sandbox.e2b.ScriptedE2b.SANDBOX;
import static dev.slipway.sandbox.e2b.ScriptedE2b.TOKEN;
import static dev.slipway.sandbox.e2b.ScriptedE2b.nothing;
import static dev.slipway.sandbox.e2b.ScriptedE2b.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProviderFailure;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class E2bSandboxesTest {
  private static final ExternalId ID = new ExternalId("i1");
  private static final CreateRequest REQUEST =
      new CreateRequest(
          "base",
          Duration.ofMillis(90_500),
          Map.of("op", "o1"),
          Map.of("FOO", "bar"),
          new NetworkAccess.On());
  private static final ProviderSandbox MADE =
      new ProviderSandbox(ID, "0.6.13", new Secret(TOKEN), null);
  private static final String NO_TEMPLATE =
      "{\"code\":404,\"message\":\"template 'base' not found\"}";

  private final List<Duration> pauses = new ArrayList<>();
  private final MovingClock clock = new MovingClock();
  private final CountDownLatch testIsOver = new CountDownLatch(1);
  private ScriptedE2b server;
  private E2bSandboxes sandboxes;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedE2b.start();
    sandboxes = open(server.properties());
  }

  @AfterEach
  void stop() {
    testIsOver.countDown();
    sandboxes.close();
    server.close();
  }

  private E2bSandboxes open(E2bProperties properties) {
    return E2bSandboxes.open(properties, clock, pauses::add);
  }

  @Test
  void creatingSendsWhatWasAskedFor() {
    server.on("POST /v2/sandboxes", status(201, SANDBOX));

    ProviderSandbox made = sandboxes.create(REQUEST);

    assertThat(made).isEqualTo(MADE);
    ScriptedE2b.Request sent = server.requests().getFirst();
    assertThat(sent.body())
        .isEqualTo(
            "{\"templateID\":\"base\",\"timeout\":91,\"metadata\":{\"op\":\"o1\"},"
                + "\"envVars\":{\"FOO\":\"bar\"}}");
    assertThat(sent.header("X-api-key")).isEqualTo(KEY);
    assertThat(sent.header("Accept-encoding")).isEmpty();
  }

  @Test
  void aNetworkThatIsOffOrLimitedIsPassedOn() {
    server.on("POST /v2/sandboxes", status(201, SANDBOX));
    server.on("PUT /sandboxes/i1/network", status(204, ""));
    var hosts = new NetworkAccess.Hosts(List.of("a.test"));

    sandboxes.create(
        new CreateRequest("t", Duration.ofSeconds(1), Map.of(), Map.of(), new NetworkAccess.Off()));
    sandboxes.create(new CreateRequest("t", Duration.ofSeconds(1), Map.of(), Map.of(), hosts));
    sandboxes.network(ID, hosts);
    sandboxes.network(ID, new NetworkAccess.Off());

    String start = "{\"templateID\":\"t\",\"timeout\":1,\"metadata\":{},\"envVars\":{},";
    String only = "{\"allowOut\":[\"a.test\"],\"denyOut\":[\"0.0.0.0/0\"]}";
    assertThat(server.requests())
        .extracting(ScriptedE2b.Request::body)
        .containsExactly(
            start + "\"allow_internet_access\":false}",
            start + "\"network\":" + only + "}",
            only,
            "{\"allow_internet_access\":false}");
  }

  @Test
  void aServerWithoutTheNewerRouteIsAskedByTheOlderFromThenOn() {
    server.on("POST /sandboxes", status(201, SANDBOX));

    sandboxes.create(REQUEST);
    sandboxes.create(REQUEST);

    assertThat(server.targets())
        .containsExactly("POST /v2/sandboxes", "POST /sandboxes", "POST /sandboxes");
    assertThat(server.requests().get(1).body())
        .contains("\"timeout\":91")
        .contains("\"secure\":true");
  }

  @Test
  void aServerThatChecksItsDescriptionSaysNotFoundOfARouteToo() {
    server.on(
        "POST /v2/sandboxes",
        status(404, "{\"code\":404,\"message\":\"no matching operation was found\"}"));
    server.on("POST /sandboxes", status(201, SANDBOX));

    assertThat(sandboxes.create(REQUEST)).isEqualTo(MADE);
  }

  @Test
  void aMissingTemplateIsNoMissingRoute() {
    server.on("POST /v2/sandboxes", status(404, NO_TEMPLATE));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat((Throwable) failure).hasMessageContaining("template 'base' not found");
  }

  @Test
  void aMissingTemplateIsNotAskedForAgainWhereTheNewerRouteWorks() {
    server.on("POST /v2/sandboxes", status(201, SANDBOX));
    server.on("POST /v2/sandboxes", status(404, NO_TEMPLATE));
    sandboxes.create(REQUEST);

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(server.targets()).containsExactly("POST /v2/sandboxes", "POST /v2/sandboxes");
  }

  @Test
  void listingReadsAllPagesAndBothStates() {
    String running = DETAIL.replace("STATE", "running");
    String paused = DETAIL.replace("STATE", "paused").replace("i1", "i2");
    server.on("GET /v2/sandboxes", status(200, "[" + running + "]", "X-Next-Token", "a+b/="));
    server.on("GET /v2/sandboxes", status(200, "[" + paused + "]", "X-Next-Token", ""));

    List<ListedSandbox> all = sandboxes.list(Map.of("op", "o1"));

    Instant start = Instant.parse("2026-01-02T03:04:05.678901Z");
    Instant end = Instant.parse("2026-01-02T04:04:05Z");
    Map<String, String> tags = Map.of("op", "o1");
    assertThat(all)
        .containsExactly(
            new ListedSandbox(ID, "base", ListedSandbox.State.RUNNING, start, end, tags),
            new ListedSandbox(
                new ExternalId("i2"), "base", ListedSandbox.State.PAUSED, start, end, tags));
    String first = "GET /v2/sandboxes?metadata=op%3Do1&state=running%2Cpaused&limit=100";
    assertThat(server.targets()).containsExactly(first, first + "&nextToken=a%2Bb%2F%3D");
  }

  @Test
  void aServerThatNamesANextPageForEverIsNotFollowedForEver() {
    server.on("GET /v2/sandboxes", status(200, "[]", "X-Next-Token", "again"));

    assertThat(failure(() -> sandboxes.list(Map.of())).code()).isEqualTo(FailureCode.TOO_LARGE);
  }

  @Test
  void findingTellsWhatThereIs() {
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "paused")));
    server.on("GET /sandboxes/i1", status(404, "{\"code\":404,\"message\":\"gone\"}"));

    assertThat(sandboxes.find(ID))
        .hasValueSatisfying(found -> {
          assertThat(found.sandbox()).isEqualTo(MADE);
          assertThat(found.seen().state()).isEqualTo(ListedSandbox.State.PAUSED);
        });
    assertThat(sandboxes.find(ID)).isEmpty();
  }

  @Test
  void killingAndPausingTellWhetherThereWasSomethingToDo() {
    server.on("DELETE /sandboxes/i1", status(204, ""));
    server.on("DELETE /sandboxes/i1", status(404, "{\"code\":404,\"message\":\"gone\"}"));
    server.on("POST /sandboxes/i1/pause", status(204, ""));
    server.on("POST /sandboxes/i1/pause", status(409, "{\"code\":409,\"message\":\"paused\"}"));

    assertThat(sandboxes.kill(ID)).isTrue();
    assertThat(sandboxes.kill(ID)).isFalse();
    assertThat(sandboxes.pause(ID)).isTrue();
    assertThat(sandboxes.pause(ID)).isFalse();
  }

  @Test
  void aNotFoundOfSomethingElseIsNoProofThatASandboxIsGone() {
    server.on("DELETE /sandboxes/i1", status(404, "<html>no such page</html>"));
    server.on("GET /sandboxes/i1", status(404, "{\"code\":\"404\"}"));

    assertThat(failure(() -> sandboxes.kill(ID)).code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(failure(() -> sandboxes.find(ID)).code()).isEqualTo(FailureCode.INTERNAL);
  }

  @Test
  void extendingAndResumingRoundUp() {
    server.on("POST /sandboxes/i1/timeout", status(204, ""));
    server.on("POST /v2/sandboxes/i1/connect", status(201, SANDBOX));

    sandboxes.extend(ID, Duration.ofMillis(90_500));
    ProviderSandbox resumed = sandboxes.resume(ID, Duration.ofSeconds(60));

    assertThat(resumed).isEqualTo(MADE);
    assertThat(server.requests())
        .extracting(ScriptedE2b.Request::body)
        .containsExactly("{\"timeout\":91}", "{\"timeout\":60}");
  }

  @Test
  void theNewestMeasurementIsTheAnswer() {
    server.on(
        "GET /sandboxes/i1/metrics",
        status(
            200,
            """
            [{"timestamp":"2026-01-02T03:00:05Z","cpuCount":2,"cpuUsedPct":1.5,"memTotal":10,
              "memUsed":3,"diskTotal":100,"diskUsed":7},
             {"timestamp":"2026-01-02T03:00:00Z","cpuCount":2,"cpuUsedPct":9,"memTotal":10,
              "memUsed":4,"diskTotal":100,"diskUsed":6}]\
            """));

    assertThat(sandboxes.metrics(ID))
        .contains(new SandboxMetrics(Instant.parse("2026-01-02T03:00:05Z"), 2, 1.5, 10, 3, 100, 7));
    long now = clock.instant().getEpochSecond();
    assertThat(server.targets())
        .containsExactly("GET /sandboxes/i1/metrics?start=%d&end=%d".formatted(now - 300, now));
  }

  @Test
  void tooManyRequestsAreRepeatedAfterWhatWasAskedFor() {
    server.on("POST /v2/sandboxes", status(429, "{\"code\":429}", "Retry-After", "7"));
    server.on("POST /v2/sandboxes", status(201, SANDBOX));

    assertThat(sandboxes.create(REQUEST)).isEqualTo(MADE);

    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aPauseThatIsTooLongIsLeftToTheCaller() {
    server.on("POST /v2/sandboxes", status(429, "{\"code\":429}", "Retry-After", "21"));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure)
        .isInstanceOfSatisfying(
            ProviderUnavailableException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.RATE_LIMITED);
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(21));
              assertThat(e.mayHaveHappened()).isFalse();
            });
    assertThat(pauses).isEmpty();
  }

  @Test
  void noFreePlaceIsNotAskedForAgain() {
    server.on("POST /v2/sandboxes", status(429, "{\"code\":429,\"message\":\"maximum number\"}"));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure).isInstanceOf(ProviderRefusedException.class);
    assertThat(failure.code()).isEqualTo(FailureCode.QUOTA_EXCEEDED);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void pausesGrowAndAttemptsEnd() {
    server.on("POST /v2/sandboxes", status(503, "{\"code\":503}"));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.UNAVAILABLE);
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat(server.requests()).hasSize(3);
    assertThat(pauses).hasSize(2);
    assertThat(pauses.getFirst()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(pauses.getLast()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 504})
  void whatMayHaveHappenedIsNotDoneTwice(int code) {
    server.on("POST /v2/sandboxes", status(code, "{\"code\":" + code + "}"));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure.mayHaveHappened()).isTrue();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aLostAnswerToACreationIsTheCallersToLookInto() {
    server.on("POST /v2/sandboxes", nothing());

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure).isInstanceOf(ProviderUnavailableException.class);
    assertThat(failure.code()).isEqualTo(FailureCode.UNAVAILABLE);
    assertThat(failure.mayHaveHappened()).isTrue();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aLostAnswerToWhatCanBeDoneTwiceIsAskedForAgain() {
    server.on("POST /sandboxes/i1/timeout", nothing());
    server.on("POST /sandboxes/i1/timeout", status(204, ""));

    sandboxes.extend(ID, Duration.ofSeconds(1));

    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void whatWasNeverSentIsTriedAgainAndDidNotHappen() throws IOException {
    try (E2bSandboxes nowhere = open(ScriptedE2b.properties(nobody()))) {
      ProviderFailure failure = failure(() -> nowhere.create(REQUEST));

      assertThat(failure.code()).isEqualTo(FailureCode.UNAVAILABLE);
      assertThat(failure.mayHaveHappened()).isFalse();
      assertThat(pauses).hasSize(2);
    }
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsATimeout() {
    server.on("POST /v2/sandboxes", _ -> awaitEnd());
    try (E2bSandboxes hurried = open(withLimit(Duration.ofMillis(200)))) {
      ProviderFailure failure = failure(() -> hurried.create(REQUEST));

      assertThat(failure.code()).isEqualTo(FailureCode.TIMEOUT);
      assertThat(failure.mayHaveHappened()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    var isAsked = new CountDownLatch(1);
    server.on(
        "GET /sandboxes/i1",
        _ -> {
          isAsked.countDown();
          awaitEnd();
        });
    try (E2bSandboxes waiting = E2bSandboxes.open(server.properties(), clock)) {
      var outcome =
          new FutureTask<>(() -> {
            ProviderFailure failure = failure(() -> waiting.find(ID));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return failure;
          });
      Thread caller = Thread.ofVirtual().start(outcome);
      isAsked.await();
      caller.interrupt();

      assertThat((Throwable) outcome.get()).hasMessageContaining("interrupted");
    }
  }

  @Test
  void closingEndsAPauseBetweenAttempts() throws Exception {
    var isAsked = new CountDownLatch(1);
    server.on(
        "GET /sandboxes/i1",
        exchange -> {
          status(429, "{\"code\":429}", "Retry-After", "20").to(exchange);
          isAsked.countDown();
        });
    E2bSandboxes closing = E2bSandboxes.open(server.properties(), clock);
    var outcome = new FutureTask<>(() -> failure(() -> closing.find(ID)));
    Thread.ofVirtual().start(outcome);
    isAsked.await();

    closing.close();

    assertThat(outcome.get()).isInstanceOf(ProviderUnavailableException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, VALIDATION_FAILED",
    "401, AUTH_FAILED",
    "403, AUTH_FAILED",
    "404, NOT_FOUND",
    "413, TOO_LARGE",
    "422, VALIDATION_FAILED"
  })
  void refusalsAreFinalAndDidNothing(int status, FailureCode code) {
    server.on("POST /sandboxes/i1/timeout", status(status, "{\"code\":" + status + "}"));

    ProviderFailure failure = failure(() -> sandboxes.extend(ID, Duration.ofSeconds(1)));

    assertThat(failure).isInstanceOf(ProviderRefusedException.class);
    assertThat(failure.code()).isEqualTo(code);
    assertThat(failure.mayHaveHappened()).isFalse();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anAnswerThatSaysNothingMayBeASandboxAllTheSame() {
    server.on("POST /v2/sandboxes", status(201, "{\"templateID\":\"base\"}"));

    ProviderFailure failure = failure(() -> sandboxes.create(REQUEST));

    assertThat(failure.code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(failure.mayHaveHappened()).isTrue();
    assertThat((Throwable) failure).hasMessageContaining("has no sandboxID");
  }

  @Test
  void anAnswerThatIsTooLargeIsNotRead() {
    server.on("GET /sandboxes/i1", status(200, "\"" + "x".repeat(70_000) + "\""));

    assertThat(failure(() -> sandboxes.find(ID)).code()).isEqualTo(FailureCode.TOO_LARGE);
  }

  @Test
  void aTargetThatIsDownIsLeftAloneForAWhile() {
    takeDown();
    int made = server.requests().size();

    ProviderFailure refused = failure(() -> sandboxes.create(REQUEST));

    assertThat(made).isEqualTo(10);
    assertThat(refused)
        .isInstanceOfSatisfying(
            ProviderUnavailableException.class,
            e -> {
              assertThat(e.mayHaveHappened()).isFalse();
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(10));
            });
    assertThat(server.requests()).hasSize(made);
  }

  @Test
  void aTargetThatAnswersAgainIsUsedAgain() {
    takeDown();
    server.on("POST /v2/sandboxes", status(201, SANDBOX));
    clock.move(Duration.ofSeconds(11));

    for (int call = 0; call < 20; call++) {
      assertThat(sandboxes.create(REQUEST)).isEqualTo(MADE);
    }
  }

  @Test
  void whatIsRefusedSaysNothingAboutTheTarget() {
    server.on("DELETE /sandboxes/i1", status(400, "{\"code\":400}"));
    server.on("POST /v2/sandboxes", status(503, "{\"code\":503}"));
    server.on("GET /sandboxes/i1", status(200, DETAIL.replace("STATE", "running")));
    for (int call = 0; call < 12; call++) {
      failure(() -> sandboxes.kill(ID));
      failure(() -> sandboxes.create(REQUEST));
    }

    assertThat(sandboxes.find(ID)).map(SandboxDetail::sandbox).contains(MADE);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 429, 500, 503, 302})
  void secretsThatComeBackAreInNoMessage(int status) {
    String echo = "{\"code\":%d,\"message\":\"bad key %s\\r\\n%s\"}".formatted(status, KEY, "x");
    server.on("POST /sandboxes/i1/timeout", status(status, echo));

    Throwable failure = (Throwable) failure(() -> sandboxes.extend(ID, Duration.ofSeconds(1)));

    var trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain(KEY).contains("bad key ********");
    assertThat(failure.getMessage()).doesNotContain("\n");
  }

  @Test
  void nothingPrintsASecret() {
    server.on("POST /v2/sandboxes", status(201, SANDBOX));

    ProviderSandbox made = sandboxes.create(REQUEST);

    assertThat(made.toString() + server.properties() + REQUEST)
        .doesNotContain(KEY)
        .doesNotContain(TOKEN)
        .doesNotContain("bar");
  }

  private void takeDown() {
    server.on("DELETE /sandboxes/i1", status(500, "{\"code\":500}"));
    for (int call = 0; call < 4; call++) {
      assertThat(failure(() -> sandboxes.kill(ID)).code()).isEqualTo(FailureCode.INTERNAL);
    }
  }

  private E2bProperties withLimit(Duration limit) {
    E2bProperties p = server.properties();
    return new E2bProperties(
        p.apiKey(),
        p.apiUrl(),
        p.sandboxUrl(),
        p.domain(),
        p.connectTimeout(),
        limit,
        p.attempts(),
        p.longestPause(),
        p.keepAlive(),
        p.answerSize(),
        p.frameSize(),
        p.breakerCalls(),
        p.breakerFailurePercent(),
        p.breakerPause());
  }

  private void awaitEnd() throws IOException {
    try {
      testIsOver.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static URI nobody() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  private static ProviderFailure failure(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ProviderFailure.class);
    return (ProviderFailure) thrown;
  }

  private static final class MovingClock extends Clock {
    private final AtomicReference<Instant> now =
        new AtomicReference<>(Instant.parse("2026-01-02T03:00:00Z"));

    void move(Duration by) {
      now.updateAndGet(before -> before.plus(by));
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
