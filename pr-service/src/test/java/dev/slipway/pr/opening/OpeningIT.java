package dev.slipway.pr.opening;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.CallBudget;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.pr.observation.Observation;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
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
  private static final class TestHold implements OpeningAttempt.Hold {
    private final Runnable between;
    private @Nullable OpeningNote note;
    private boolean cancelled;
    private boolean whole = true;

    private TestHold(Runnable between) {
      this.between = between;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public boolean isHeldFor(Duration time) {
      return whole && time.compareTo(Duration.ofMinutes(1)) < 0;
    }

    @Override
    public void note(OpeningNote newest) {
      note = newest;
      between.run();
    }
  }

  private static String newHead() {
    String head = "head-" + COUNTER.incrementAndGet();
    site.branchWithCommit(head);
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
    var operation =
        new LeasedOperation(
            OPERATION,
            1,
            new AggregateId("default", "head"),
            OpenPullRequest.KIND,
            "{}",
            hold.note == null ? null : OpenPullRequestCodec.encode(hold.note),
            true,
            hold.cancelled,
            0,
            null,
            null);
    var repository = GitHub.over(api, CallBudget.UNLIMITED).repository("default", site.path());
    return new OpeningAttempt(operation, wish, repository, hold).open();
  }

  private static TestHold nothingHappens() {
    return new TestHold(() -> {});
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
    site.send("GET", "/repos/slipway/opening/pulls?state=all&head=slipway:" + head, null)
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
    site.branch("elsewhere-" + head);
    JsonNode _ =
        site.send(
            "PATCH", "/repos/slipway/opening/pulls/" + first, Map.of("base", "elsewhere-" + head));

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
    site.branch("release-" + head);

    JsonNode result =
        result(opened(wish(head), new TestHold(() -> someoneOpens(head, "release-" + head))));

    assertThat(openOnesOf(head)).containsExactly(result.path("number").asString());
    assertThat(pullRequestsOf(head)).hasSize(2);
  }

  @Test
  void aTwinThatIsThereAlreadyRefusesTheCreateAndIsFoundByTheNextTry() throws Exception {
    String head = newHead();
    var hold = new TestHold(() -> someoneOpens(head, "main"));

    var refused = catchThrowableOfType(GitHubException.class, () -> attempt(wish(head), hold));
    JsonNode result = result(opened(wish(head), hold));

    assertThat(refused.code()).isEqualTo(FailureCode.ALREADY_EXISTS);
    assertThat(result.path("adopted").asBoolean()).isTrue();
    assertThat(pullRequestsOf(head)).hasSize(1);
  }

  @Test
  void oneWhoseAnswerWasLostAndThatWasMergedSinceIsTheOne() throws Exception {
    String head = newHead();
    var hold = nothingHappens();
    site.fault("POST /repos/*/*/pulls", "drop_answer");
    assertThatThrownBy(() -> attempt(wish(head), hold)).isInstanceOf(GitHubException.class);
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
    site.branch("late-" + head);
    var hold =
        new TestHold(() -> {
          long _ = someoneOpens(head, "late-" + head);
          site.fault("PATCH /repos/*/*/pulls/*", "refuse");
        });
    assertThatThrownBy(() -> attempt(wish(head), hold)).isInstanceOf(GitHubException.class);
    assertThat(openOnesOf(head)).hasSize(2);

    JsonNode result = result(opened(wish(head), hold));

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
  void nothingIsCreatedOnceItIsNoLongerWantedOrTooLittleIsLeftOfTheLease() throws Exception {
    String head = newHead();
    var cancelled = nothingHappens();
    cancelled.cancelled = true;
    var late = nothingHappens();
    late.whole = false;

    assertThat(attempt(wish(head), cancelled)).isInstanceOf(Outcome.Cancelled.class);
    assertThatThrownBy(() -> attempt(wish(head), late)).isInstanceOf(InterruptedException.class);
    assertThat(pullRequestsOf(head)).isEmpty();
  }

  @Test
  void aHeadThatIsNotThereOrHasNothingNewIsToldSo() {
    site.branch("nothing-new");

    assertThat(failure(wish("nowhere"))).isEqualTo(FailureCode.HEAD_INVALID);
    assertThat(failure(wish("nothing-new"))).isEqualTo(FailureCode.NO_COMMITS_BETWEEN);
  }

  private static FailureCode failure(Wish wish) {
    return catchThrowableOfType(GitHubException.class, () -> attempt(wish, nothingHappens()))
        .code();
  }
}
