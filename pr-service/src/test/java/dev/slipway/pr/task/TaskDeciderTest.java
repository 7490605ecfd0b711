package dev.slipway.pr.task;

import static dev.slipway.pr.task.Story.LASTING;
import static dev.slipway.pr.task.Story.PASSING;
import static dev.slipway.pr.task.Story.TASK;
import static dev.slipway.pr.task.Story.pullRequest;
import static dev.slipway.pr.task.Story.request;
import static dev.slipway.pr.task.TaskPullRequest.State.CLOSED;
import static dev.slipway.pr.task.TaskPullRequest.State.MERGED;
import static dev.slipway.pr.task.TaskPullRequest.State.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Command;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskDeciderTest {
  @Test
  void aTaskGoesThroughAllStepsToTheMerge() {
    Story story = Story.started();
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.CREATING_SANDBOX);
    assertThat(story.commands()).hasOnlyElementsOfType(SandboxWish.Create.class).hasSize(1);
    assertThat(story.operations()).hasOnlyElementsOfType(TaskOperation.Survey.class).hasSize(1);

    story.surveyed(null, false);
    assertThat(story.last().commands())
        .extracting(Object::getClass)
        .containsExactly(SandboxWish.Clone.class, SandboxWish.Branch.class);

    story.told(new SandboxTelling.Runs());
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.CLONING);
    story.cloned();
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.BRANCHING);
    story.branched();
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.RUNNING);
    assertThat(story.last().commands())
        .singleElement()
        .isInstanceOfSatisfying(
            SandboxWish.Run.class, run -> assertThat(run.line().command()).isEqualTo("make"));
    story.ran(0);
    assertThat(story.last().commands())
        .singleElement()
        .isInstanceOfSatisfying(
            SandboxWish.Run.class, run -> assertThat(run.line().command()).isEqualTo("make test"));
    story.ran(1);
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.COMMITTING);
    story.committed("aaaa");
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.PUSHING);
    assertThat(story.state().work().shas()).containsExactly("aaaa");
    story.pushed("aaaa");
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.OPENING_PULL_REQUEST);
    assertThat(story.last().operations()).hasOnlyElementsOfType(TaskOperation.Open.class);
    story.opened(7, OPEN);
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.last().commands()).as("the sandbox lives on").isEmpty();
    story.seen(7, MERGED);
    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
    assertThat(story.state().outcome()).isEqualTo("merged");
    assertThat(story.last().commands())
        .containsExactly(
            new SandboxWish.Terminate(TaskIds.sandbox(TASK, 1), story.state().owner(), false));
  }

  @Test
  void aTaskThatIsNotToStartWaitsForItsAssignment() {
    Story story = Story.created();
    assertThat(story.state().status()).isEqualTo(TaskStatus.TODO);
    assertThat(story.commands()).isEmpty();

    story.tell(new TaskInput.Assign(request(2), "bob"));

    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
    assertThat(story.state().owner().agentId()).isEqualTo("bob");
    assertThat(story.commands())
        .first()
        .isInstanceOfSatisfying(
            SandboxWish.Create.class,
            create -> assertThat(create.owner().agentId()).isEqualTo("bob"));
  }

  @Test
  void theFirstCommandThatFailsEndsTheTaskWithTheEndOfWhatItPrinted() {
    Story story = Story.running();

    story.told(
        new SandboxTelling.CommandEnded(
            story.in("run", 0), 2, "no rule\nto make it\n", null, false));

    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.state().failure())
        .isEqualTo(
            TaskFailure.lasting(
                "command_failed", "Command 1 of 2 ended with 2.\nno rule\nto make it"));
    assertThat(story.last().commands()).hasOnlyElementsOfType(SandboxWish.Terminate.class);
    story.ran(0);
    assertThat(story.last().isNothing()).as("what is told later changes nothing").isTrue();
  }

  @Test
  void nothingToCommitIsDone() {
    Story story = Story.running().ran(0).ran(1);

    story.told(
        new SandboxTelling.GitFailed(
            story.in("commit", 0), TaskFailure.lasting("nothing_to_commit", "Nothing.")));

    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
    assertThat(story.state().outcome()).isEqualTo("no_changes");
    assertThat(story.state().failure()).isNull();
    assertThat(story.last().commands()).hasOnlyElementsOfType(SandboxWish.Terminate.class);
  }

  @Test
  void whatMayPassIsTriedAgainInAnotherSandboxAFewTimesEachAfterALongerWhile() {
    Story story = Story.running();
    var pauses = new ArrayList<Duration>();
    for (int attempt = 1; attempt < 3; attempt++) {
      UUID before = story.sandbox();
      story.told(new SandboxTelling.Ended("provider_gone"));
      assertThat(story.state().isTrying()).isFalse();
      assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
      pauses.add(((TaskEvent.AttemptFailed) story.last().events().getFirst()).retryAfter());
      story.tell(new TaskInput.Due(TaskDeadlines.RETRY));
      assertThat(story.sandbox()).isNotEqualTo(before);
      assertThat(story.state().attempt().number()).isEqualTo(attempt + 1);
      story.surveyed(null, false).told(new SandboxTelling.Runs()).cloned().branched();
      assertThat(story.state().attempt().step()).isEqualTo(TaskStep.RUNNING);
    }
    story.told(new SandboxTelling.Ended("provider_gone"));

    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.state().failure()).extracting(TaskFailure::code).isEqualTo("sandbox_lost");
    assertThat(pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(8));
  }

  @Test
  void aSandboxLostAfterThePushAdoptsTheBranchWithoutRunningAgain() {
    Story story = Story.pushing();

    story.told(new SandboxTelling.Ended("provider_gone"));
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY));

    assertThat(story.last().commands()).as("no sandbox before it has looked").isEmpty();
    story.surveyed("aaaa", true);
    assertThat(story.last().commands()).isEmpty();
    assertThat(story.last().operations()).hasOnlyElementsOfType(TaskOperation.Open.class);
    assertThat(story.state().attempt().step()).isEqualTo(TaskStep.OPENING_PULL_REQUEST);
    story.opened(7, OPEN);
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.state().failure()).isNull();
  }

  @Test
  void aSandboxLostBeforeThePushRunsAgain() {
    Story story = Story.pushing().told(new SandboxTelling.Ended("provider_gone"));
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY)).surveyed(null, false);

    assertThat(story.last().commands())
        .extracting(Object::getClass)
        .containsExactly(
            SandboxWish.Create.class, SandboxWish.Clone.class, SandboxWish.Branch.class);
  }

  @Test
  void aBranchThatIsSomebodyElsesFailsTheTask() {
    Story story = Story.started().surveyed("ffff", false);

    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.state().failure()).extracting(TaskFailure::code).isEqualTo("branch_diverged");
    assertThat(story.last().commands()).hasOnlyElementsOfType(SandboxWish.Terminate.class);
  }

  @Test
  void aBranchThatWasMergedAndRemovedBeforeAnybodyToldEndsTheTaskDone() {
    Story story = Story.pushing().told(new SandboxTelling.Ended("provider_gone"));
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY));

    story.tell(
        new TaskInput.Surveyed(
            story.survey(), Story.SITE, true, null, false, pullRequest(7, MERGED)));

    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
    assertThat(story.state().pullRequest()).isEqualTo(pullRequest(7, MERGED));
  }

  @Test
  void aMergeBeforeTheCreatesOutcomeEndsDoneAndTheOutcomeChangesNothing() {
    Story story = Story.opening();
    UUID opening = opening(story);

    story.seen(7, MERGED);
    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
    assertThat(story.last().cancelled()).containsExactly(opening);

    story.tell(new TaskInput.Opened(opening, Story.SITE, pullRequest(7, OPEN), false, List.of()));
    assertThat(story.last().isNothing()).isTrue();
  }

  @Test
  void anOpenPullRequestThatIsToldOfEarlyWaitsForTheOutcomeWhichKnowsItsTwins() {
    Story story = Story.opening().seen(8, OPEN);
    assertThat(story.last().isNothing()).isTrue();

    story.opened(7, OPEN).seen(8, OPEN);

    assertThat(story.state().pullRequest()).isEqualTo(pullRequest(7, OPEN));
    assertThat(closed(story.last())).containsExactly(8L);
    story.seen(8, OPEN);
    assertThat(story.last().isNothing()).as("it is closed once").isTrue();
  }

  @Test
  void cancelWhileTheCreateIsUnderWayClosesWhatComesOfIt() {
    Story story = Story.opening();
    UUID opening = opening(story);

    story.tell(new TaskInput.Cancel(request(3)));
    assertThat(story.state().status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(story.last().cancelled()).containsExactly(opening);
    assertThat(story.last().commands())
        .containsExactly(
            new SandboxWish.Terminate(TaskIds.sandbox(TASK, 1), story.state().owner(), true));

    story.tell(new TaskInput.Opened(opening, Story.SITE, pullRequest(7, OPEN), false, List.of()));
    assertThat(closed(story.last())).containsExactly(7L);
    assertThat(story.state().pullRequest()).isNull();
    story.tell(new TaskInput.Retry(request(4)));
    assertThat(story.last().rejected()).as("it had its one").isTrue();
  }

  @Test
  void cancelInReviewClosesThePullRequest() {
    Story story = Story.inReview().tell(new TaskInput.Cancel(request(3)));

    assertThat(closed(story.last())).containsExactly(7L);
    story.seen(7, CLOSED);
    assertThat(story.state().status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(story.state().pullRequest()).isEqualTo(pullRequest(7, CLOSED));
  }

  @Test
  void aLateOutcomeOfAnEarlierAttemptIsFoundByTheNextOne() {
    Story story = Story.opening();
    UUID earlier = opening(story);
    story.tell(new TaskInput.OperationFailed(earlier, PASSING));
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY)).surveyed("aaaa", true);

    story.tell(new TaskInput.Opened(earlier, Story.SITE, pullRequest(7, OPEN), false, List.of()));

    assertThat(story.last().isNothing()).isTrue();
    assertThat(story.state().isTrying()).isTrue();
  }

  @Test
  void aRefusedPullRequestFailsTheTaskAndARetryOpensWhatIsThere() {
    Story story = Story.opening();
    story.tell(
        new TaskInput.OperationFailed(
            opening(story), TaskFailure.lasting("forbidden", "You may not.")));
    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.last().commands()).hasOnlyElementsOfType(SandboxWish.Terminate.class);

    story.tell(new TaskInput.Retry(request(3)));
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
    assertThat(story.last().commands()).isEmpty();
    story.surveyed("aaaa", true).opened(7, OPEN);

    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.state().attempt().tries()).isEqualTo(1);
  }

  @Test
  void aClosedPullRequestMayBeOpenedAgainAndMerged() {
    Story story = Story.inReview().seen(7, CLOSED);
    assertThat(story.state().status()).isEqualTo(TaskStatus.CLOSED);
    assertThat(story.state().outcome()).isEqualTo("closed");

    story.seen(7, OPEN);
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.state().outcome()).isNull();
    story.seen(7, CLOSED).seen(7, MERGED);
    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
    story.seen(7, CLOSED);
    assertThat(story.last().isNothing()).as("merged is for ever").isTrue();
  }

  @Test
  void itsTimeEndsItWhateverItDoesAndSaysWhatHeldItUp() {
    Story story =
        Story.started().tell(new TaskInput.OperationFailed(Story.started().survey(), PASSING));
    assertThat(story.state().isTrying()).isFalse();

    story.tell(new TaskInput.Due(TaskDeadlines.BUDGET));

    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.state().failure())
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo("timeout");
          assertThat(failure.message()).contains("3600").contains("Away.");
        });
  }

  @Test
  void aSandboxWhoseTimeIsOverIsATimeOutAndOneThatSomebodyEndedIsNotMadeAgain() {
    assertThat(Story.running().told(new SandboxTelling.Ended("expired")).state().failure())
        .extracting(TaskFailure::code)
        .isEqualTo("timeout");
    assertThat(Story.running().told(new SandboxTelling.Ended("requested")).state().status())
        .isEqualTo(TaskStatus.FAILED);
  }

  @Test
  void whatBelongsToSomebodyElseChangesNothing() {
    Story story = Story.running();
    UUID other = new UUID(0, 5);

    for (SandboxTelling telling :
        List.of(
            new SandboxTelling.CommandEnded(other, 1, null, null, false),
            new SandboxTelling.GitFailed(other, LASTING),
            new SandboxTelling.Refused(other, "illegal_state", "No."),
            new SandboxTelling.Pushed(other, "ffff"))) {
      assertThat(story.told(telling).last().isNothing()).as(telling.toString()).isTrue();
    }
    story.tell(new TaskInput.Told(other, new SandboxTelling.Ended("provider_gone")));
    assertThat(story.last().isNothing()).isTrue();
  }

  @Test
  void inReviewWithoutNewsThePullRequestIsRead() {
    Story story = Story.inReview();
    var deadlines = new TaskDeadlines(Duration.ofDays(30), Duration.ofDays(1));
    var before = deadlines.of(story.state()).get(TaskDeadlines.REVIEW);

    story.tell(new TaskInput.Due(TaskDeadlines.REVIEW));

    assertThat(story.last().operations())
        .containsExactly(new TaskOperation.Read("acme/site", 42, 7));
    assertThat(deadlines.of(story.state()).get(TaskDeadlines.REVIEW)).isAfter(before);
  }

  @Test
  void aTaskThatNobodyBeginsWithIsCancelled() {
    assertThat(Story.created().tell(new TaskInput.Due(TaskDeadlines.TODO)).state().status())
        .isEqualTo(TaskStatus.CANCELLED);
  }

  @Test
  void thePullRequestAloneMayBeAskedForOfABranchThatSomebodyPushed() {
    Story story = Story.created();
    story.tell(new TaskInput.Open(request(5), null, null, null, null));
    assertThat(story.last().rejected()).as("it has pushed nothing").isTrue();

    story.tell(new TaskInput.Open(request(6), "topic", null, "release", null));

    assertThat(story.last().operations())
        .singleElement()
        .isInstanceOfSatisfying(
            TaskOperation.Open.class,
            open -> {
              assertThat(open.wish().head()).isEqualTo("topic");
              assertThat(open.wish().base()).isEqualTo("release");
              assertThat(open.wish().title()).isEqualTo("Fix it");
            });
    story.opened(7, OPEN);
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.state().repository()).isEqualTo(Story.SITE);
  }

  @Test
  void aPullRequestThatWasAskedForAloneIsNotFollowedByTheWork() {
    Story story = Story.created().tell(new TaskInput.Open(request(6), "topic", null, null, null));

    story.tell(new TaskInput.OperationFailed(request(6), PASSING));

    assertThat(story.state().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(story.commands()).isEmpty();
  }

  @Test
  void aPushOfAnEarlierAttemptThatComesLateIsFoundByTheNextOne() {
    Story story = Story.pushing().told(new SandboxTelling.Ended("provider_gone"));
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY)).surveyed(null, false);
    story.told(new SandboxTelling.Runs()).cloned().branched().ran(0).ran(1).committed("bbbb");

    story.told(
        new SandboxTelling.GitFailed(
            story.in("push", 0), TaskFailure.lasting("branch_diverged", "Somebody else has it.")));
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
    story.tell(new TaskInput.Due(TaskDeadlines.RETRY)).surveyed("aaaa", true).opened(7, OPEN);

    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_REVIEW);
    assertThat(story.state().work().head()).isEqualTo("aaaa");
  }

  @Test
  void aProviderThatIsFullIsWaitedForAsLongAsTheTaskMayTake() {
    Story story = Story.started();
    for (int n = 0; n < 10; n++) {
      story.told(new SandboxTelling.NotMade(TaskFailure.passing("quota_exceeded", "Full.")));
      assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
      story.tell(new TaskInput.Due(TaskDeadlines.RETRY));
    }
    story.tell(new TaskInput.Due(TaskDeadlines.BUDGET));
    assertThat(story.state().failure())
        .extracting(TaskFailure::message)
        .asString()
        .contains("Full.");
  }

  @Test
  void aCommandThatNobodyCanTellOfRunsAgainInAnotherSandbox() {
    Story story = Story.running();
    story.told(
        new SandboxTelling.CommandEnded(
            story.in("run", 0), null, null, TaskFailure.lasting("command_lost", "Gone."), false));

    assertThat(story.state().isTrying()).isFalse();
    assertThat(story.state().status()).isEqualTo(TaskStatus.IN_PROGRESS);
  }

  @Test
  void whatSomebodyCancelledInItsSandboxFailsTheTask() {
    Story story = Story.started().surveyed(null, false).told(new SandboxTelling.Runs());

    story.told(new SandboxTelling.Abandoned(story.in("clone", 0)));

    assertThat(story.state().failure()).extracting(TaskFailure::code).isEqualTo("cancelled");
  }

  @Test
  void aReadingHealsWhatGotLost() {
    Story story = Story.inReview();

    story.tell(new TaskInput.Read(new UUID(0, 3), pullRequest(7, MERGED), List.of()));

    assertThat(story.state().status()).isEqualTo(TaskStatus.DONE);
  }

  @Test
  void theBranchOfSomebodyElseHasNoPullRequestForLife() {
    Story story = Story.created().tell(new TaskInput.Open(request(6), "topic", null, null, null));

    assertThat(story.last().operations())
        .singleElement()
        .isInstanceOfSatisfying(
            TaskOperation.Open.class, open -> assertThat(open.forLife()).isFalse());
    assertThat(story.state().work().branch()).isNull();
    story.tell(new TaskInput.OperationFailed(request(6), LASTING));
    story.tell(new TaskInput.Retry(request(7)));
    assertThat(story.state().work().branch()).isEqualTo("slipway/" + TASK);
  }

  @ParameterizedTest
  @CsvSource({
    "TODO,        true,  true,  false, true",
    "IN_PROGRESS, false, true,  false, false",
    "IN_REVIEW,   false, true,  false, false",
    "DONE,        false, false, false, false",
    "FAILED,      false, false, true,  true",
    "CANCELLED,   false, false, true,  false",
    "CLOSED,      false, false, false, false",
    "NONE,        false, false, false, false"
  })
  void eachWishIsPossibleInSomeStatesOnly(
      TaskStatus in, boolean assign, boolean cancel, boolean retry, boolean open) {
    Map<TaskInput, Boolean> wishes =
        Map.of(
            new TaskInput.Assign(request(9), null), assign,
            new TaskInput.Cancel(request(9)), cancel,
            new TaskInput.Retry(request(9)), retry,
            new TaskInput.Open(request(9), "topic", null, null, null), open);

    wishes.forEach((wish, possible) ->
        assertThat(Story.DECIDER.decide(stateIn(in), wish).rejected())
            .as("%s in %s", wish, in)
            .isEqualTo(!possible));
  }

  private static TaskState stateIn(TaskStatus status) {
    return switch (status) {
      case NONE -> TaskState.NONE;
      case TODO -> Story.created().state();
      case IN_PROGRESS -> Story.running().state();
      case IN_REVIEW -> Story.inReview().state();
      case DONE -> Story.inReview().seen(7, MERGED).state();
      case FAILED -> Story.running().told(new SandboxTelling.NotMade(LASTING)).state();
      case CANCELLED -> Story.running().tell(new TaskInput.Cancel(request(3))).state();
      case CLOSED -> Story.inReview().seen(7, CLOSED).state();
    };
  }

  /// Things that may be told at any time, by what the task is then.
  private static final List<Function<Story, TaskInput>> TELLINGS =
      List.of(
          _ -> new TaskInput.Create(request(1), TASK, Story.spec("make"), Story.owner(), true),
          _ -> new TaskInput.Assign(request(2), "bob"),
          _ -> new TaskInput.Cancel(request(3)),
          _ -> new TaskInput.Retry(request(4)),
          _ -> new TaskInput.Open(request(5), "topic", null, null, null),
          _ -> new TaskInput.Due(TaskDeadlines.BUDGET),
          _ -> new TaskInput.Due(TaskDeadlines.RETRY),
          _ -> new TaskInput.Due(TaskDeadlines.REVIEW),
          _ -> new TaskInput.Due(TaskDeadlines.TODO),
          s -> new TaskInput.Surveyed(s.survey(), Story.SITE, true, null, false, null),
          s -> new TaskInput.Surveyed(s.survey(), Story.SITE, true, "aaaa", true, null),
          s -> new TaskInput.Surveyed(s.survey(), Story.SITE, true, "ffff", false, null),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.Runs()),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.NotMade(PASSING)),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.Ended("provider_gone")),
          s -> cloned(s),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.BranchMade(s.in("branch", 0))),
          s -> ended(s, 0),
          s -> ended(s, 1),
          s -> committed(s),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.Pushed(s.in("push", 0), "aaaa")),
          s ->
              new TaskInput.Told(
                  s.sandbox(), new SandboxTelling.GitFailed(s.in("push", 0), PASSING)),
          s -> opened(s, 7, OPEN),
          s -> opened(s, 7, MERGED),
          s -> opened(s, 8, OPEN),
          s -> new TaskInput.OperationFailed(opening(s), PASSING),
          s -> new TaskInput.OperationFailed(s.survey(), LASTING),
          s -> new TaskInput.OperationCancelled(opening(s)),
          _ -> new TaskInput.Read(TaskIds.closing(TASK, 8), pullRequest(8, CLOSED), List.of()),
          _ -> new TaskInput.Read(new UUID(0, 4), pullRequest(7, MERGED), List.of()),
          _ -> new TaskInput.Refused(request(6), "title: No."),
          s -> new TaskInput.Told(s.sandbox(), new SandboxTelling.Abandoned(s.in("clone", 0))),
          _ -> new TaskInput.Seen(pullRequest(7, OPEN)),
          _ -> new TaskInput.Seen(pullRequest(7, MERGED)),
          _ -> new TaskInput.Seen(pullRequest(7, CLOSED)),
          _ -> new TaskInput.Seen(pullRequest(8, OPEN)),
          _ -> new TaskInput.Seen(pullRequest(8, MERGED)));

  private static TaskInput cloned(Story story) {
    return new TaskInput.Told(
        story.sandbox(),
        new SandboxTelling.Cloned(story.in("clone", 0), "/home/user/site", "main", "base"));
  }

  private static TaskInput ended(Story story, int exitCode) {
    UUID operation = story.in("run", story.state().attempt().commands());
    return new TaskInput.Told(
        story.sandbox(), new SandboxTelling.CommandEnded(operation, exitCode, null, null, false));
  }

  private static TaskInput committed(Story story) {
    return new TaskInput.Told(
        story.sandbox(),
        new SandboxTelling.Committed(story.in("commit", 0), "tree", "aaaa", "base", 1, null));
  }

  private static TaskInput opened(Story story, long number, TaskPullRequest.State as) {
    return new TaskInput.Opened(
        opening(story), Story.SITE, pullRequest(number, as), false, List.of());
  }

  private static UUID opening(Story story) {
    UUID found = story.state().attempt().opening();
    return found == null ? new UUID(0, 9) : found;
  }

  @Test
  void whateverIsToldInWhateverOrderOneTaskHasOnePullRequestAndAsksForNothingTwice() {
    qt().withExamples(3_000)
        .forAll(lists().of(integers().between(0, TELLINGS.size() - 1)).ofSizeBetween(1, 60))
        .checkAssert(order -> {
          Story story = Story.started();
          var numbers = new HashSet<Long>();
          for (int index : order) {
            TaskInput told = TELLINGS.get(index).apply(story);
            story.tell(told);
            TaskPullRequest own = story.state().pullRequest();
            if (own != null) {
              numbers.add(own.number());
            }
          }
          assertThat(numbers).as("its pull request is one for life").hasSizeLessThanOrEqualTo(1);
          assertThat(ids(story)).as("ids of what was asked for").doesNotHaveDuplicates();
        });
  }

  @Test
  void whateverHasHappenedWhatIsToldTwiceChangesNothing() {
    qt().withExamples(1_000)
        .forAll(lists().of(integers().between(0, TELLINGS.size() - 1)).ofSizeBetween(1, 40))
        .checkAssert(order -> {
          Story story = Story.started();
          for (int index : order) {
            TaskInput told = TELLINGS.get(index).apply(story);
            story.tell(told);
            boolean isDeadline = told instanceof TaskInput.Due; // the kernel disarms them
            if (!isDeadline && !story.last().rejected()) {
              Decision<TaskEvent> again = Story.DECIDER.decide(story.state(), told);
              assertThat(again.events()).as("%s again", told).isEmpty();
            }
          }
        });
  }

  @Test
  void everyStateThatIsNotTheLastHasAnEnd() {
    var deadlines = new TaskDeadlines(Duration.ofDays(30), Duration.ofDays(1));
    for (TaskStatus status : TaskStatus.values()) {
      boolean ends = status == TaskStatus.NONE || status.isOver();
      assertThat(deadlines.of(stateIn(status)).isEmpty()).as(status.name()).isEqualTo(ends);
    }
  }

  private static List<UUID> ids(Story story) {
    Stream<Optional<UUID>> commands = story.commands().stream().map(Command::id);
    Stream<Optional<UUID>> operations = story.operations().stream().map(Operation::id);
    return Stream.concat(commands, operations).flatMap(Optional::stream).toList();
  }

  private static List<Long> closed(Decision<TaskEvent> decision) {
    return decision.operations().stream()
        .filter(TaskOperation.Close.class::isInstance)
        .map(operation -> ((TaskOperation.Close) operation).number())
        .toList();
  }
}
