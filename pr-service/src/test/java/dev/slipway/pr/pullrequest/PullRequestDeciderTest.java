package dev.slipway.pr.pullrequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.Generate.oneOf;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.pullrequest.Fact.Checked;
import dev.slipway.pr.pullrequest.Fact.Commented;
import dev.slipway.pr.pullrequest.Fact.MergedAs;
import dev.slipway.pr.pullrequest.Fact.Named;
import dev.slipway.pr.pullrequest.Fact.Ran;
import dev.slipway.pr.pullrequest.Fact.Reviewed;
import dev.slipway.pr.pullrequest.Fact.Seen;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.PullRequestEvent.Kind;
import dev.slipway.pr.pullrequest.TestKernel.Folded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/// Histories dense in events of the same second.
class PullRequestDeciderTest {
  private static final PullRequestCodec<Repository, PullRequestEvent> CODEC =
      new PullRequestCodec<>((_, _) -> new byte[0], "t", state -> state, event -> event);
  private static final TestKernel<Repository, PullRequestEvent> KERNEL =
      new TestKernel<>(
          new RepositoryKey("acme", 1001).aggregate(), CODEC, PullRequestDecider::evolve);
  private static final Cause CAUSE = new Cause("octocat", new UUID(7, 0), "");
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private static final Gen<Instant> SECONDS = integers().between(0, 3).map(START::plusSeconds);
  private static final Gen<Long> NUMBERS = arbitrary().pick(7L, 7L, 8L);
  private static final Gen<String> SHAS = arbitrary().pick("aa", "bb");
  private static final Gen<Check.Result> RESULTS = arbitrary().enumValues(Check.Result.class);

  private static final Gen<Fact> SNAPSHOTS =
      NUMBERS.zip(
          SECONDS,
          SECONDS.zip(arbitrary().pick(true, true, false), (at, no) -> no ? Instant.EPOCH : at),
          SHAS,
          integers().between(0, 15),
          (number, updated, read, sha, bits) ->
              new Seen(
                  number,
                  new Snapshot(
                      new SnapshotKey(updated, read),
                      new Standing(
                          bits % 2 == 0 ? PullRequestState.OPEN : PullRequestState.CLOSED,
                          bits / 2 % 2 == 0,
                          sha,
                          "main",
                          bits == 15),
                      aDetails("title " + bits / 4))));

  private static final Gen<Fact> MERGES =
      NUMBERS.zip(
          arbitrary().pick("octocat", ""),
          arbitrary().pick("cc", ""),
          (number, by, sha) ->
              new MergedAs(
                  number, new Merge(START, by.isEmpty() ? null : by, sha.isEmpty() ? null : sha)));

  private static final Gen<Fact> REVIEWS =
      NUMBERS.zip(
          integers().between(1, 3),
          arbitrary().enumValues(Review.State.class),
          SECONDS,
          (number, id, state, at) ->
              new Reviewed(number, new Review(id, state, "hubot", (long) id % 2, at, at, "aa")));

  private static final Gen<Fact> CHECKS =
      SHAS.zip(
          integers().between(1, 3),
          RESULTS,
          arbitrary().enumValues(Check.Kind.class),
          (sha, run, result, kind) ->
              new Checked(
                  new Check(new Check.Key(sha, kind, 0, "build " + run % 2), run, result, START)));

  private static final Gen<Fact> OTHERS =
      integers()
          .between(0, 2)
          .zip(
              SECONDS,
              RESULTS,
              (kind, at, result) ->
                  switch (kind) {
                    case 0 -> new Named(new RepositoryName("acme/site-" + result, null, at));
                    case 1 ->
                        new Commented(
                            new Comment(
                                new Comment.Key(Comment.Kind.ISSUE, 5),
                                7,
                                result == Check.Result.FAILED,
                                at,
                                "octocat"));
                    default -> new Ran(new WorkflowRun(9, 1, result, at, "aa"));
                  });

  private static final Gen<Fact> FACTS =
      oneOf(oneOf(SNAPSHOTS, MERGES), oneOf(REVIEWS, oneOf(CHECKS, OTHERS)));

  private static final Gen<List<Fact>> HISTORIES = lists().of(FACTS).ofSizeBetween(0, 14);

  @Test
  void everyOrderAndRepetitionEndsInTheSameState() {
    qt().withExamples(5_000)
        .forAll(HISTORIES, integers().all())
        .checkAssert((history, seed) -> {
          var other = new ArrayList<>(history);
          other.addAll(history.subList(0, history.size() / 2));
          Collections.shuffle(other, new Random(seed));

          assertThat(withoutCounts(fold(other).state()))
              .isEqualTo(withoutCounts(fold(history).state()));
        });
  }

  @Test
  void repeatingWhatIsKnownAnswersNothing() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Repository state = fold(history).state();

          for (Fact fact : history) {
            assertThat(PullRequestDecider.decide(state, List.of(fact), CAUSE)).isEmpty();
          }
        });
  }

  @Test
  void versionsAreDenseAndIdsAreDistinct() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          List<Numbered<PullRequestEvent>> announced = fold(history).announced();

          for (long number : List.of(7L, 8L)) {
            List<Long> versions =
                announced.stream()
                    .filter(event -> summary(event).number() == number)
                    .map(Numbered::version)
                    .toList();
            for (int i = 0; i < versions.size(); i++) {
              assertThat(versions.get(i)).isEqualTo(i + 1);
            }
          }
          assertThat(new HashSet<>(announced.stream().map(Numbered::publishedId).toList()))
              .hasSameSizeAs(announced);
        });
  }

  @Test
  void theLastEventOfAPullRequestShowsItAsItIs() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          History folded = fold(history);

          for (PullRequest pullRequest : folded.state().pullRequests().values()) {
            List<Summary> shown =
                folded.announced().stream()
                    .map(PullRequestDeciderTest::summary)
                    .filter(summary -> summary.number() == pullRequest.number())
                    .toList();
            if (pullRequest.isKnown()) {
              assertThat(shown.getLast())
                  .isEqualTo(Summary.of(pullRequest, folded.state().checks(pullRequest.headSha())));
            } else {
              assertThat(shown).isEmpty();
            }
          }
        });
  }

  @Test
  void factsOfOneDeliveryDoTogetherWhatTheyDoOneByOne() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Repository state = apply(Repository.UNKNOWN, history, 1).state();

          assertThat(withoutCounts(state)).isEqualTo(withoutCounts(fold(history).state()));
        });
  }

  @Test
  void whatWasMergedStaysSo() {
    Repository merged = fold(List.of(new MergedAs(7, new Merge(START, null, "cc")))).state();

    Repository after = apply(merged, List.of(seen(7, 3, PullRequestState.OPEN, "aa")), 2).state();

    assertThat(after.pullRequest(7).state()).isEqualTo(PullRequestState.MERGED);
  }

  @Test
  void twoStatesInOneSecondAreAmbiguousUntilALaterRead() {
    Fact open = seen(7, 1, PullRequestState.OPEN, "aa");
    Fact closed = seen(7, 1, PullRequestState.CLOSED, "aa");
    Fact read =
        new Seen(
            7,
            new Snapshot(
                new SnapshotKey(START.plusSeconds(1), START.plusSeconds(3)),
                new Standing(PullRequestState.OPEN, false, "aa", "main", false),
                aDetails("title")));

    assertThat(fold(List.of(open, closed)).state().pullRequest(7).isAmbiguous()).isTrue();
    assertThat(fold(List.of(open, closed, read)).state().pullRequest(7).isAmbiguous()).isFalse();
  }

  @Test
  void aLifeIsAnnouncedStepByStep() {
    List<Fact> life =
        List.of(
            new Checked(
                new Check(
                    new Check.Key("aa", Check.Kind.STATUS, 0, "build"),
                    1,
                    Check.Result.PENDING,
                    START)),
            seen(7, 0, PullRequestState.OPEN, "aa"),
            new Checked(
                new Check(
                    new Check.Key("aa", Check.Kind.STATUS, 0, "build"),
                    2,
                    Check.Result.SUCCEEDED,
                    START)),
            new Reviewed(
                7, new Review(1, Review.State.CHANGES_REQUESTED, "hubot", 2L, START, START, "aa")),
            seen(7, 1, PullRequestState.OPEN, "bb"),
            new Reviewed(
                7,
                new Review(
                    2, Review.State.APPROVED, "hubot", 2L, START.plusSeconds(1), START, "bb")),
            seen(7, 2, PullRequestState.CLOSED, "bb"),
            seen(7, 3, PullRequestState.OPEN, "bb"),
            new MergedAs(7, new Merge(START.plusSeconds(3), "octocat", "cc")));

    assertThat(fold(life).announced())
        .extracting(event -> announced(event).kind())
        .containsExactly(
            Kind.OPENED,
            Kind.CHECKS,
            Kind.CHANGES_REQUESTED,
            Kind.UPDATED,
            Kind.CHECKS,
            Kind.APPROVED,
            Kind.CLOSED,
            Kind.REOPENED,
            Kind.MERGED);
  }

  @Test
  void anEventsTopicKeyMayNameATenant() {
    List<Fact> opened = List.of(seen(7, 0, PullRequestState.OPEN, "aa"));
    var theirs = new Cause(null, new UUID(8, 1), "acme/");

    List<PullRequestEvent> events = PullRequestDecider.decide(Repository.UNKNOWN, opened, theirs);

    assertThat(CODEC.key(KERNEL.id(), events.getLast())).isEqualTo("acme/1001#7");
    assertThat(CODEC.type(events.getLast())).isEqualTo("pull_request.opened");
  }

  private record History(Repository state, List<Numbered<PullRequestEvent>> announced) {}

  /// One delivery for each fact.
  private static History fold(List<Fact> facts) {
    Repository state = Repository.UNKNOWN;
    List<Numbered<PullRequestEvent>> announced = new ArrayList<>();
    for (int i = 0; i < facts.size(); i++) {
      var folded = apply(state, List.of(facts.get(i)), i);
      state = folded.state();
      folded.events().stream()
          .filter(event -> event.event() instanceof Announced)
          .forEach(announced::add);
    }
    return new History(state, announced);
  }

  private static Folded<Repository, PullRequestEvent> apply(
      Repository state, List<Fact> facts, int number) {
    return KERNEL.fold(state, new UUID(7, number), PullRequestDecider.decide(state, facts, CAUSE));
  }

  private static Summary summary(Numbered<PullRequestEvent> event) {
    return announced(event).summary();
  }

  private static Announced announced(Numbered<PullRequestEvent> event) {
    return (Announced) event.event();
  }

  /// Versions count what this log told, and are all that depends on its order.
  private static Repository withoutCounts(Repository state) {
    var pullRequests = state.pullRequests();
    for (PullRequest pullRequest : state.pullRequests().values()) {
      pullRequests = pullRequests.plus(pullRequest.number(), pullRequest.at(0));
    }
    return new Repository(
        state.names(),
        pullRequests,
        state.commits(),
        state.comments(),
        state.runs(),
        state.owners());
  }

  private static Seen seen(long number, int second, PullRequestState state, String sha) {
    return new Seen(
        number,
        new Snapshot(
            new SnapshotKey(START.plusSeconds(second), Instant.EPOCH),
            new Standing(state, false, sha, "main", false),
            aDetails("title")));
  }

  private static Details aDetails(String title) {
    return new Details(
        1L,
        "PR_1",
        "https://github.test/acme/site/pull/7",
        title,
        "octocat",
        List.of("bug"),
        "topic",
        1001L,
        "00",
        null,
        START);
  }
}
