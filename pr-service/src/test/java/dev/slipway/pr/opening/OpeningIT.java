package dev.slipway.pr.opening;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.CallBudget;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.pr.observation.Observation;
import dev.slipway.web.github.GitHubApi;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One try after the other, and what others do in between.
class OpeningIT {
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final UUID OPERATION = new UUID(0, 7);

  // CONFINED: to the thread of the tests, as all that follow
  private static LocalSite local;
  private static TestSite site;
  private static GitHubApi api;

  @BeforeAll
  static void start(@TempDir Path directory) {
    local = LocalSite.start(directory);
    site = local.with("opening");
    api = site.open();
  }

  @AfterAll
  static void stop() {
    api.close();
    local.close();
  }

  /// A lease that lets something happen where a worker has looked, and not yet created.
  private static final class TestHold implements Hold {
    private final Runnable between;
    private @Nullable String note;
    private boolean cancelled;
    private boolean cancelledLate;
    private boolean another;

    private TestHold(Runnable between) {
      this.between = between;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isHeld() {
      return !another;
    }

    @Override
    public void holdFor(Duration time) throws InterruptedException {
      assertThat(time).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
      if (another) {
        throw new InterruptedException("the lease is another's");
      }
      cancelled |= cancelledLate;
      between.run();
    }

    @Override
    public void noteNow(String json) {
      note = json;
    }
  }

  private static String newHead() {
    String head = "slipway/head-" + COUNTER.incrementAndGet();
    site.branch(head);
    site.commit(head, "file-" + COUNTER.get());
    return head;
  }

  private static Wish wish(String head, String... labels) {
    return new Wish(
        "http://localhost/slipway/opening", head, null, "Fix it", "Now.", false, List.of(labels));
  }

  private static Outcome.Succeeded<HeadInput> opened(Wish wish, TestHold hold)
      throws InterruptedException {
    return (Outcome.Succeeded<HeadInput>) attempt(wish, hold);
  }

  private static Outcome<HeadInput> attempt(Wish wish, TestHold hold) throws InterruptedException {
    return attempt(api, wish, hold);
  }

  private static Outcome<HeadInput> attempt(GitHubApi api, Wish wish, TestHold hold)
      throws InterruptedException {
    var operation =
        new LeasedOperation(
            OPERATION,
            1,
            new AggregateId("default", "head"),
            OpenPullRequest.KIND,
            "{}",
            hold.note,
            true,
            hold.cancelled,
            0,
            null,
            null);
    var repository = GitHub.over(api, CallBudget.UNLIMITED).repository("default", site.path());
    return new OpeningAttempt<>(
            operation,
            wish,
            repository,
            hold,
            Duration.ofSeconds(40),
            false,
            new OpeningAct.ToHead(OPERATION))
        .open();
  }

  private static TestHold nothingHappens() {
    return new TestHold(() -> {});
  }

  /// Of the worker after one.
  private static TestHold nothingHappens(TestHold before) {
    TestHold next = nothingHappens();
    next.note = before.note;
    return next;
  }

  private static Failure later(Outcome<HeadInput> outcome) {
    return ((Outcome.Later<HeadInput>) outcome).failure();
  }

  private static JsonNode result(Outcome.Succeeded<HeadInput> outcome) {
    return JsonMapper.shared().readTree(String.valueOf(outcome.result()));
  }

  private static long someoneOpens(String head, String base) {
    return site.send(
            "POST",
            "/repos/slipway/opening/pulls",
            Map.of("title", "Twin", "head", head, "base", base))
        .path("number")
        .asLong();
  }

  private static void someoneMerges(long number) {
    JsonNode _ =
        site.send(
            "PUT",
            "/repos/slipway/opening/pulls/%d/merge".formatted(number),
            Map.of("merge_method", "squash"));
  }

  private static List<JsonNode> pullRequestsOf(String head) {
    var found = new ArrayList<JsonNode>();
    site.send(
            "GET",
            "/repos/slipway/opening/pulls?state=all&head="
                + URLEncoder.encode("slipway:" + head, UTF_8),
            null)
        .forEach(found::add);
    return found;
  }

  private static List<String> openOnesOf(String head) {
    return pullRequestsOf(head).stream()
        .filter(one -> one.path("state").asString().equals("open"))
        .map(one -> one.path("number").asString())
        .toList();
  }

  @Test
  void itOpensOneAndTellsTheLog() throws Exception {
    String head = newHead();

    var outcome = opened(wish(head, "bot", "safe"), nothingHappens());

    JsonNode only = pullRequestsOf(head).getFirst();
    assertThat(pullRequestsOf(head)).hasSize(1);
    assertThat(only.path("title").asString()).isEqualTo("Fix it");
    assertThat(only.at("/base/ref").asString()).isEqualTo("main");
    assertThat(only.path("labels").findValuesAsString("name"))
        .containsExactlyInAnyOrder("bot", "safe");
    assertThat(outcome.result())
        .isEqualTo(
            "{\"number\":%d,\"url\":\"%s\",\"adopted\":false}"
                .formatted(only.path("number").asLong(), only.path("html_url").asString()));
    Observation seen = ((HeadInput.Opened) outcome.input()).answers().getFirst();
    assertThat(seen.repositoryId()).isEqualTo(only.at("/base/repo/id").asLong());
    assertThat(JsonMapper.shared().readTree(seen.body()).path("merged").asBoolean()).isFalse();
  }

  @Test
  void theOneThatIsThereIsAdoptedWhereverItWasRetargetedTo() throws Exception {
    String head = newHead();
    long first = result(opened(wish(head), nothingHappens())).path("number").asLong();
    site.branch("elsewhere");
    JsonNode _ =
        site.send("PATCH", "/repos/slipway/opening/pulls/" + first, Map.of("base", "elsewhere"));

    JsonNode again = result(opened(wish(head), nothingHappens()));

    assertThat(again.path("number").asLong()).isEqualTo(first);
    assertThat(again.path("adopted").asBoolean()).isTrue();
    assertThat(pullRequestsOf(head)).hasSize(1);
  }

  @Test
  void aSquashMergeBetweenLookAndCreateLeavesOnePullRequest() throws Exception {
    String head = newHead();
    var twin = new AtomicInteger();

    JsonNode result =
        result(
            opened(
                wish(head),
                new TestHold(() -> {
                  long number = someoneOpens(head, "main");
                  someoneMerges(number);
                  twin.set((int) number);
                })));

    assertThat(result.path("number").asInt()).isEqualTo(twin.get());
    assertThat(result.path("adopted").asBoolean()).isTrue();
    assertThat(openOnesOf(head)).isEmpty();
    assertThat(pullRequestsOf(head)).hasSize(2);
    long ours = twin.get() + 1L;
    assertThat(
            site.send("GET", "/repos/slipway/opening/issues/%d/comments".formatted(ours), null)
                .at("/0/body")
                .asString())
        .contains("#" + twin.get() + " was opened for this branch first");
  }

  @Test
  void ofTwinsToTwoBasesTheLowestNumberStays() throws Exception {
    String head = newHead();
    site.branch("release");

    JsonNode result = result(opened(wish(head), new TestHold(() -> someoneOpens(head, "release"))));

    assertThat(openOnesOf(head)).containsExactly(result.path("number").asString());
    assertThat(pullRequestsOf(head)).hasSize(2);
  }

  @Test
  void aTwinThatIsThereAlreadyRefusesTheCreateAndIsFoundByTheNextTry() throws Exception {
    String head = newHead();
    var hold = new TestHold(() -> someoneOpens(head, "main"));

    Failure refused = later(attempt(wish(head), hold));
    JsonNode result = result(opened(wish(head), nothingHappens(hold)));

    assertThat(refused.message()).contains("already exists");
    assertThat(result.path("adopted").asBoolean()).isTrue();
    assertThat(pullRequestsOf(head)).hasSize(1);
  }

  @Test
  void oneWhoseAnswerWasLostAndThatWasMergedSinceIsTheOne() throws Exception {
    String head = newHead();
    var hold = nothingHappens();
    local.misbehave("POST /repos/*/*/pulls", "drop_answer", 0);
    Failure _ = later(attempt(wish(head), hold));
    long lost = pullRequestsOf(head).getFirst().path("number").asLong();
    someoneMerges(lost);
    JsonNode _ = site.send("DELETE", "/repos/slipway/opening/git/refs/heads/" + head, null);

    JsonNode result = result(opened(wish(head), hold));

    assertThat(result.path("number").asLong()).isEqualTo(lost);
    assertThat(pullRequestsOf(head)).hasSize(1);
  }

  @Test
  void aWorkerThatEndedBeforeItClosedATwinIsCompletedByTheNext() throws Exception {
    String head = newHead();
    site.branch("late");
    var hold =
        new TestHold(() -> {
          long _ = someoneOpens(head, "late");
          local.misbehave("PATCH /repos/*/*/pulls/*", "refuse", 0);
        });
    Failure _ = later(attempt(wish(head), hold));
    assertThat(openOnesOf(head)).hasSize(2);

    JsonNode result = result(opened(wish(head), nothingHappens(hold)));

    assertThat(openOnesOf(head)).containsExactly(result.path("number").asString());
    long closed =
        pullRequestsOf(head).stream()
            .mapToLong(one -> one.path("number").asLong())
            .max()
            .orElseThrow();
    assertThat(
            site.send("GET", "/repos/slipway/opening/issues/%d/comments".formatted(closed), null))
        .hasSize(1);
  }

  @Test
  void whatPeopleClosedIsNotOpenedOnceMoreUntilSomethingIsPushed() throws Exception {
    String head = newHead();
    long first = result(opened(wish(head), nothingHappens())).path("number").asLong();
    JsonNode _ =
        site.send("PATCH", "/repos/slipway/opening/pulls/" + first, Map.of("state", "closed"));

    assertThat(result(opened(wish(head), nothingHappens())).path("number").asLong())
        .isEqualTo(first);
    site.commit(head, "more.txt");
    assertThat(result(opened(wish(head), nothingHappens())).path("number").asLong())
        .isGreaterThan(first);
  }

  @Test
  void nothingIsCreatedOnceItIsNoLongerWantedOrIsAnothers() throws Exception {
    String head = newHead();
    var cancelled = nothingHappens();
    cancelled.cancelled = true;
    var cancelledLate = nothingHappens();
    cancelledLate.cancelledLate = true;
    var late = nothingHappens();
    late.another = true;

    assertThat(attempt(wish(head), cancelled)).isInstanceOf(Outcome.Cancelled.class);
    assertThat(attempt(wish(head), cancelledLate)).isInstanceOf(Outcome.Cancelled.class);
    assertThatThrownBy(() -> attempt(wish(head), late)).isInstanceOf(InterruptedException.class);
    assertThat(pullRequestsOf(head)).isEmpty();
  }

  @Test
  void whatCertainlyWasNotCreatedIsNotLookedForAmongWhatPeopleOpen() throws Exception {
    String head = newHead();
    var hold = nothingHappens();
    local.misbehave("POST /repos/*/*/pulls", "limit", 0);
    // one of its own: for a second it makes no call
    try (GitHubApi limited = site.open()) {
      assertThat(later(attempt(limited, wish(head), hold)).code()).isEqualTo("rate_limited");
    }
    Map<String, String> closed = Map.of("state", "closed");
    long first = someoneOpens(head, "main");
    JsonNode _ = site.send("PATCH", "/repos/slipway/opening/pulls/" + first, closed);
    long second = someoneOpens(head, "main");

    JsonNode result = result(opened(wish(head), hold));

    assertThat(result.path("number").asLong()).isEqualTo(second);
    assertThat(openOnesOf(head)).containsExactly("" + second);
  }

  @Test
  void labelsThatAreRefusedLeaveThePullRequestOpened() throws Exception {
    String head = newHead();
    local.misbehave("POST /repos/*/*/issues/*/labels", "refuse", 403);

    JsonNode result = result(opened(wish(head, "bot"), nothingHappens()));

    assertThat(openOnesOf(head)).containsExactly(result.path("number").asString());
  }

  @Test
  void aHeadOfAnyNameIsFound() throws Exception {
    String head = "a+b&c=d#e/ü";
    site.branch(head);
    site.commit(head, "any-name");

    long first = result(opened(wish(head), nothingHappens())).path("number").asLong();

    assertThat(result(opened(wish(head), nothingHappens())).path("number").asLong())
        .isEqualTo(first);
  }

  @Test
  void aHeadThatIsNotThereOrHasNothingNewIsToldSoAfterSomeTries() throws Exception {
    site.branch("nothing-new");

    assertThat(failure(wish("nowhere")).message()).contains("push it first");
    assertThat(failure(wish("nothing-new")).code()).isEqualTo("no_commits_between");
  }

  private static Failure failure(Wish wish) throws InterruptedException {
    var hold = nothingHappens();
    Outcome<HeadInput> outcome = attempt(wish, hold);
    while (outcome instanceof Outcome.Later<HeadInput>) {
      outcome = attempt(wish, hold);
    }
    return ((Outcome.Failed<HeadInput>) outcome).failure();
  }
}
