package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.sandbox.Told.COMMAND;
import static dev.slipway.sandbox.sandbox.Told.CONTEXT;
import static dev.slipway.sandbox.sandbox.Told.CREATE;
import static dev.slipway.sandbox.sandbox.Told.CREATED;
import static dev.slipway.sandbox.sandbox.Told.CREATION;
import static dev.slipway.sandbox.sandbox.Told.SPEC;
import static dev.slipway.sandbox.sandbox.Told.START;
import static dev.slipway.sandbox.sandbox.Told.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.sandbox.sandbox.SandboxOperation.Kind;
import dev.slipway.sandbox.sandbox.SandboxState.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.quicktheories.core.Gen;

class SandboxDeciderTest {
  private static final SandboxFailure UNAVAILABLE =
      new SandboxFailure("unavailable", "Nobody answers.", true);
  private static final SandboxFailure LOST =
      new SandboxFailure("sandbox_lost", "The sandbox is gone.", false);
  private static final CommandResult RESULT = new CommandResult(0, null, 3, 0, false, 20, null);

  private static final String TASK = String.valueOf(CONTEXT.taskId());

  private static final SandboxOperation.Clone CLONE =
      new SandboxOperation.Clone(
          id(13), "/home/user/site", "https://github.com/acme/site", null, 1, false, false);

  /// Few of each, so that they meet.
  private static final List<SandboxInput> INPUTS =
      List.of(
          CREATE,
          new SandboxInput.Create(id(2), SPEC, CONTEXT),
          new SandboxInput.NameTaken(CREATION),
          CREATED,
          new SandboxInput.Created(CREATION, "e2b", "ext-2"),
          new SandboxInput.CreationCancelled(CREATION),
          new SandboxInput.OperationFailed(CREATION, UNAVAILABLE),
          new SandboxInput.RunCommand(id(3), COMMAND),
          new SandboxInput.RunCommand(id(4), COMMAND),
          new SandboxInput.CommandBegan(id(3), "make"),
          new SandboxInput.CommandEnded(id(3), RESULT, null, false),
          new SandboxInput.CommandEnded(id(4), null, LOST, false),
          new SandboxInput.Pause(id(5)),
          new SandboxInput.Paused(id(5)),
          new SandboxInput.Resume(id(6)),
          new SandboxInput.Resumed(id(6)),
          new SandboxInput.Reset(id(7)),
          new SandboxInput.WasReset(id(7), "e2b", "ext-3"),
          new SandboxInput.Extend(id(8), Duration.ofHours(1)),
          new SandboxInput.Extended(id(8), Duration.ofHours(1)),
          new SandboxInput.OperationFailed(id(8), UNAVAILABLE),
          new SandboxInput.OperationCancelled(id(7)),
          new SandboxInput.Work(CLONE),
          new SandboxInput.Worked(id(13), Told.CLONED),
          new SandboxInput.Work(
              new SandboxOperation.Commit(id(14), "/home/user/site", "m", null, null)),
          new SandboxInput.Worked(
              id(14), new GitResult.Committed("/home/user/site", Told.COMMIT, 1, null)),
          new SandboxInput.OperationFailed(id(14), UNAVAILABLE),
          new SandboxInput.TaskBranch(
              new SandboxOperation.Branch(id(17), "/home/user/site", "slipway/1"), "1"),
          new SandboxInput.TaskBranch(
              new SandboxOperation.Branch(id(18), "/home/user/site", "slipway/" + TASK), TASK),
          new SandboxInput.Refused(id(19), "timeout_seconds: It must be 1 to 86400."),
          new SandboxInput.Link(id(15), new PullRequestLink(42, 7)),
          new SandboxInput.Link(id(16), new PullRequestLink(42, 8)),
          new SandboxInput.Terminate(id(9), KillReason.REQUESTED),
          new SandboxInput.Terminated(id(10), "ext-1"),
          new SandboxInput.Cancel(id(11), id(3)),
          new SandboxInput.Cancel(id(12), CREATION),
          new SandboxInput.Condemn("ext-1"),
          new SandboxInput.Condemn("ext-2"),
          new SandboxInput.Gone("ext-1"),
          new SandboxInput.Expired(START.plusSeconds(900)));

  private static final Gen<List<SandboxInput>> HISTORIES =
      lists().of(integers().between(0, INPUTS.size() - 1).map(INPUTS::get)).ofSizeBetween(0, 20);

  @Test
  void aWishedForSandboxIsMadeAndRunsUntilItsTimeIsOver() {
    Told told = Told.running();

    assertThat(told.events())
        .containsExactly(
            new SandboxEvent.Requested(CREATION, SPEC, CONTEXT),
            new SandboxEvent.Created(new Place("e2b", "ext-1")),
            new SandboxEvent.Running());
    assertThat(told.operations())
        .containsExactly(new SandboxOperation.CreateSandbox(CREATION, SPEC, CONTEXT));
    assertThat(told.state().times())
        .isEqualTo(
            new SandboxState.Times(
                START, START.plusSeconds(1), null, null, START.plusSeconds(301)));

    Told early = told.then(new SandboxInput.Expired(START.plusSeconds(300)));
    Told late = told.then(new SandboxInput.Expired(START.plusSeconds(301)));

    assertThat(early.state()).isEqualTo(told.state());
    assertThat(late.events()).endsWith(new SandboxEvent.Terminating(KillReason.EXPIRED));
    assertThat(late.operations()).endsWith(new SandboxOperation.Terminate("ext-1"));
  }

  @Test
  void aTasksBranchIsMadeInTheTasksOwnSandboxAlone() {
    Told own = Told.running();
    Told nobodys = Told.of(new SandboxInput.Create(CREATION, SPEC, SandboxContext.NONE), CREATED);
    var branch = new SandboxOperation.Branch(id(3), "/home/user/site", "slipway/" + TASK);
    var wish = new SandboxInput.TaskBranch(branch, TASK);
    var others = new SandboxInput.TaskBranch(branch, id(92).toString());
    var refusal =
        Decision.<SandboxEvent>rejected(
            new SandboxEvent.Rejected(
                id(3), "validation_failed", "The branch is that of another task."));

    assertThat(own.decide(wish))
        .isEqualTo(
            Decision.<SandboxEvent>of(new SandboxEvent.OperationRequested(id(3), Kind.BRANCH, null))
                .with(branch));
    assertThat(own.decide(others)).isEqualTo(refusal);
    assertThat(nobodys.decide(wish)).isEqualTo(refusal);
    assertThat(own.then(others).decide(others)).isEqualTo(Decision.nothing());
    assertThat(Told.of().then(others).events())
        .containsExactly(
            new SandboxEvent.Rejected(id(3), "not_found", "There is no such sandbox."));
  }

  @Test
  void whatIsWrongWithAWishIsToldOnceInAnyState() {
    var wrong = new SandboxInput.Refused(id(3), "timeout_seconds: It must be 1 to 86400.");
    var told =
        new SandboxEvent.Rejected(
            id(3), "validation_failed", "timeout_seconds: It must be 1 to 86400.");

    assertThat(Told.of(wrong, wrong).events()).containsExactly(told);
    assertThat(Told.running().then(wrong).then(wrong).events()).endsWith(told).hasSize(4);
  }

  @Test
  void runtimeCountsFromTheFirstRunToTheEndPausesIncluded() {
    Told asked = Told.of(CREATE); // at second 0, what follows a second later each
    Told paused =
        asked
            .then(CREATED)
            .then(new SandboxInput.Pause(id(5)))
            .then(new SandboxInput.Paused(id(5)));
    Told ended =
        paused
            .then(new SandboxInput.Resume(id(6)))
            .then(new SandboxInput.Resumed(id(6)))
            .then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED))
            .then(new SandboxInput.Terminated(id(10), "ext-1"));
    Told failed = asked.then(new SandboxInput.OperationFailed(CREATION, UNAVAILABLE));

    assertThat(asked.state().runtimeMillis(START.plusSeconds(60))).isZero();
    assertThat(failed.state().runtimeMillis(START.plusSeconds(60))).isZero();
    assertThat(paused.state().runtimeMillis(START.plusSeconds(60))).isEqualTo(59_000);
    assertThat(ended.state().runtimeMillis(START.plusSeconds(60))).isEqualTo(6_000);
  }

  @Test
  void theFirstPullRequestIsKeptAndAnotherIsRefused() {
    var seven = new PullRequestLink(42, 7);
    Told linked = Told.running().then(new SandboxInput.Link(id(15), seven));

    assertThat(linked.events()).endsWith(new SandboxEvent.Linked(seven));
    assertThat(linked.state().pullRequest()).isEqualTo(seven);
    assertThat(linked.decide(new SandboxInput.Link(id(16), seven))).isEqualTo(Decision.nothing());
    assertThat(linked.decide(new SandboxInput.Link(id(16), new PullRequestLink(42, 8))).events())
        .containsExactly(
            new SandboxEvent.Rejected(id(16), "conflict", "The sandbox has another pull request."));
    assertThat(Told.of(new SandboxInput.Link(id(15), seven)).events())
        .containsExactly(
            new SandboxEvent.Rejected(id(15), "not_found", "There is no such sandbox."));
  }

  @Test
  void aSandboxThatHasEndedGetsThePullRequestOfWhatItPushed() {
    Told ended =
        Told.running()
            .then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED))
            .then(new SandboxInput.Terminated(id(10), "ext-1"))
            .then(new SandboxInput.Link(id(15), new PullRequestLink(42, 7)));

    assertThat(ended.state().status()).isEqualTo(SandboxStatus.TERMINATED);
    assertThat(ended.state().pullRequest()).isEqualTo(new PullRequestLink(42, 7));
  }

  @Test
  void aFailedCreationEndsTheSandbox() {
    Told told = Told.of(CREATE).then(new SandboxInput.OperationFailed(CREATION, UNAVAILABLE));

    assertThat(told.state().status()).isEqualTo(SandboxStatus.FAILED);
    assertThat(told.state().killReason()).isEqualTo(KillReason.START_FAILED);
    assertThat(told.state().failure()).isEqualTo(UNAVAILABLE);
    assertThat(told.state().active()).isEmpty();
  }

  @Test
  void commandsWaitBehindTheCreationAndAreRefusedOnceItEnds() {
    Told waiting = Told.of(CREATE).then(new SandboxInput.RunCommand(id(3), COMMAND));
    Told ending = waiting.then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED));

    assertThat(waiting.operations()).endsWith(new SandboxOperation.RunCommand(id(3), COMMAND));
    Decision<SandboxEvent> refused = ending.decide(new SandboxInput.RunCommand(id(4), COMMAND));
    assertThat(refused.rejected()).isTrue();
    assertThat(refused.events())
        .containsExactly(
            new SandboxEvent.Rejected(
                id(4),
                "illegal_state",
                "The sandbox is TERMINATING: run_command is not possible."));
  }

  @Test
  void aCommandIsToldOfFromItsBeginningToItsEnd() {
    Told told =
        Told.running()
            .then(new SandboxInput.RunCommand(id(3), COMMAND))
            .then(new SandboxInput.CommandBegan(id(3), "ma**"))
            .then(new SandboxInput.CommandBegan(id(3), "ma**"))
            .then(new SandboxInput.CommandEnded(id(3), RESULT, null, false))
            .then(new SandboxInput.CommandEnded(id(3), RESULT, null, false));

    assertThat(told.events().subList(3, told.events().size()))
        .containsExactly(
            new SandboxEvent.OperationRequested(id(3), Kind.RUN_COMMAND, "make"),
            new SandboxEvent.CommandStarted(id(3), "ma**"),
            new SandboxEvent.CommandCompleted(id(3), RESULT, null, false));
  }

  @Test
  void aCommandThatFindsTheSandboxGoneTellsOfItsEnd() {
    Told told =
        Told.running()
            .then(new SandboxInput.RunCommand(id(3), COMMAND))
            .then(new SandboxInput.CommandEnded(id(3), null, LOST, false));

    assertThat(told.state().status()).isEqualTo(SandboxStatus.TERMINATED);
    assertThat(told.state().killReason()).isEqualTo(KillReason.PROVIDER_GONE);
  }

  @Test
  void whatWentInAndCameOutOfARepositoryIsKnownUntilTheSandboxIsReset() {
    String path = "/home/user/site";
    Told told =
        Told.running()
            .then(new SandboxInput.Work(CLONE))
            .then(new SandboxInput.Worked(id(13), Told.CLONED))
            .then(new SandboxInput.Work(new SandboxOperation.Branch(id(14), path, "work")))
            .then(new SandboxInput.Worked(id(14), new GitResult.BranchCreated(path, "work", "0a1")))
            .then(new SandboxInput.Work(new SandboxOperation.Commit(id(15), path, "m", null, null)))
            .then(
                new SandboxInput.Worked(
                    id(15), new GitResult.Committed(path, Told.COMMIT, 1, null)))
            .then(new SandboxInput.Work(new SandboxOperation.Push(id(16), path)))
            .then(new SandboxInput.Worked(id(16), new GitResult.Pushed(path, "work", "0c1")));

    assertThat(told.state().checkouts())
        .containsOnly(
            Map.entry(
                path,
                new GitCheckout(
                    "https://github.com/acme/site",
                    "main",
                    "0a1",
                    1,
                    "work",
                    List.of(Told.COMMIT),
                    "0c1")));
    assertThat(
            told.then(new SandboxInput.Reset(id(7)))
                .then(new SandboxInput.WasReset(id(7), "e2b", "ext-3"))
                .state()
                .checkouts())
        .isEmpty();
  }

  @Test
  void workThatCannotBeDoneSaysSo() {
    Told told =
        Told.running()
            .then(new SandboxInput.Work(CLONE))
            .then(new SandboxInput.OperationFailed(id(13), UNAVAILABLE))
            .then(new SandboxInput.Worked(id(13), Told.CLONED));

    assertThat(told.events()).endsWith(new SandboxEvent.GitFailed(id(13), Kind.CLONE, UNAVAILABLE));
    assertThat(told.state().checkouts()).isEmpty();
  }

  @Test
  void aRowOfAnEarlierBuildHasNoRepositories() {
    String row = SandboxJson.write(Told.running().state());
    assertThat(row).contains(",\"checkouts\":{}");

    SandboxState read = SandboxJson.state(row.replace(",\"checkouts\":{}", ""));

    assertThat(read).isEqualTo(Told.running().state());
  }

  @Test
  void pausedAndResumedItIsAsItWas() {
    Told paused =
        Told.running().then(new SandboxInput.Pause(id(5))).then(new SandboxInput.Paused(id(5)));
    Told resumed =
        paused.then(new SandboxInput.Resume(id(6))).then(new SandboxInput.Resumed(id(6)));

    assertThat(paused.state().status()).isEqualTo(SandboxStatus.PAUSED);
    assertThat(paused.state().times().pausedAt()).isEqualTo(START.plusSeconds(3));
    assertThat(paused.decide(new SandboxInput.RunCommand(id(3), COMMAND)).rejected()).isTrue();
    assertThat(resumed.state().status()).isEqualTo(SandboxStatus.RUNNING);
    assertThat(resumed.state().times()).isEqualTo(Told.running().state().times());
  }

  @Test
  void itLivesLongerAndNeverShorter() {
    Told longer =
        Told.running()
            .then(new SandboxInput.Extend(id(8), Duration.ofHours(1)))
            .then(new SandboxInput.Extended(id(8), Duration.ofHours(1)));
    Told shorter =
        longer
            .then(new SandboxInput.Extend(id(9), Duration.ofSeconds(1)))
            .then(new SandboxInput.Extended(id(9), Duration.ofSeconds(1)));

    assertThat(longer.state().times().expiresAt()).isEqualTo(START.plusSeconds(3_603));
    assertThat(shorter.state().times().expiresAt()).isEqualTo(START.plusSeconds(3_603));
  }

  @Test
  void endingASandboxThatIsBeingMadeCancelsItsCreation() {
    Told requested = Told.of(CREATE);
    Decision<SandboxEvent> ending =
        requested.decide(new SandboxInput.Terminate(id(9), KillReason.TASK_CANCELLED));
    Told told = requested.take(ending).then(new SandboxInput.CreationCancelled(CREATION));

    assertThat(ending.cancelled()).containsExactly(CREATION);
    assertThat(ending.operations()).isEmpty();
    assertThat(told.events())
        .endsWith(
            new SandboxEvent.Terminating(KillReason.TASK_CANCELLED),
            new SandboxEvent.Terminated(KillReason.TASK_CANCELLED));
  }

  @Test
  void aSandboxThatWasMadeAllTheSameIsEnded() {
    Told told =
        Told.of(CREATE).then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED)).then(CREATED);

    assertThat(told.state().status()).isEqualTo(SandboxStatus.TERMINATING);
    assertThat(told.operations()).endsWith(new SandboxOperation.Terminate("ext-1"));
    assertThat(told.then(new SandboxInput.Terminated(id(10), "ext-1")).state().status())
        .isEqualTo(SandboxStatus.TERMINATED);
  }

  @Test
  void cancellingTheCreationEndsTheSandbox() {
    Decision<SandboxEvent> decision =
        Told.of(CREATE).decide(new SandboxInput.Cancel(id(12), CREATION));

    assertThat(decision.events())
        .containsExactly(new SandboxEvent.Terminating(KillReason.REQUESTED));
    assertThat(decision.cancelled()).containsExactly(CREATION);
  }

  @Test
  void runningCommandsAreNotCancelledByTheEnd() {
    Decision<SandboxEvent> ending =
        Told.running()
            .then(new SandboxInput.RunCommand(id(3), COMMAND))
            .decide(new SandboxInput.Terminate(id(9), KillReason.REQUESTED));

    assertThat(ending.cancelled()).isEmpty();
    assertThat(ending.operations()).containsExactly(new SandboxOperation.Terminate("ext-1"));
  }

  @Test
  void whatIsCondemnedNeverBecomesTheSandbox() {
    Told told = Told.of(CREATE).then(new SandboxInput.Condemn("ext-1")).then(CREATED);

    assertThat(told.state().status()).isEqualTo(SandboxStatus.FAILED);
    assertThat(told.state().failure()).extracting(SandboxFailure::code).isEqualTo("unavailable");
    assertThat(told.state().externalId()).isNull();
  }

  @Test
  void theSandboxItselfIsNotCondemned() {
    assertThat(Told.running().decide(new SandboxInput.Condemn("ext-1")))
        .isEqualTo(Decision.rejection());
    assertThat(Told.running().decide(new SandboxInput.Condemn("ext-2")).events())
        .containsExactly(new SandboxEvent.Condemned("ext-2"));
  }

  @Test
  void aSecondOneThatWasMadeForItIsEnded() {
    Decision<SandboxEvent> decision =
        Told.running().decide(new SandboxInput.Created(CREATION, "e2b", "ext-2"));

    assertThat(decision.events()).containsExactly(new SandboxEvent.Condemned("ext-2"));
    assertThat(decision.operations()).containsExactly(new SandboxOperation.Terminate("ext-2"));
  }

  @Test
  void resetItIsAnotherInItsPlace() {
    Told told =
        Told.running()
            .then(new SandboxInput.Reset(id(7)))
            .then(new SandboxInput.WasReset(id(7), "e2b", "ext-3"));

    assertThat(told.state().externalId()).isEqualTo("ext-3");
    assertThat(told.state().active()).isEmpty();
    assertThat(told.operations()).endsWith(new SandboxOperation.Terminate("ext-1"));
    assertThat(told.then(new SandboxInput.Gone("ext-1")).state()).isEqualTo(told.state());
  }

  @Test
  void whatIsCondemnedDoesNotTakeItsPlace() {
    Told told =
        Told.running()
            .then(new SandboxInput.Reset(id(7)))
            .then(new SandboxInput.Condemn("ext-3"))
            .then(new SandboxInput.WasReset(id(7), "e2b", "ext-3"));

    assertThat(told.state().externalId()).isEqualTo("ext-1");
    assertThat(told.state().status()).isEqualTo(SandboxStatus.RUNNING);
    assertThat(told.events())
        .last()
        .isInstanceOfSatisfying(
            SandboxEvent.OperationEnded.class, ended -> assertThat(ended.failure()).isNotNull());
  }

  @Test
  void endingItTwiceIsASuccess() {
    Told told = Told.running().then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED));

    assertThat(told.decide(new SandboxInput.Terminate(id(10), KillReason.REQUESTED)))
        .isEqualTo(Decision.nothing());
  }

  @Test
  void aRefusedWishLeavesRoomForTheSandbox() {
    Told refused = Told.of(new SandboxInput.RunCommand(id(3), COMMAND));
    Told created = refused.then(CREATE);

    assertThat(refused.events())
        .containsExactly(
            new SandboxEvent.Rejected(id(3), "not_found", "There is no such sandbox."));
    assertThat(refused.state().status()).isEqualTo(SandboxStatus.NONE);
    assertThat(created.state().status()).isEqualTo(SandboxStatus.REQUESTED);
  }

  @Test
  void anotherCreationUnderItsIdIsAConflict() {
    Decision<SandboxEvent> decision =
        Told.running().decide(new SandboxInput.Create(id(2), SPEC, CONTEXT));

    assertThat(decision)
        .isEqualTo(
            Decision.rejected(
                new SandboxEvent.Rejected(id(2), "conflict", "There is a sandbox with this id.")));
  }

  @Test
  void thereIsABoundToWhatHasNotEnded() {
    Told told = Told.running();
    for (int n = 0; n < Wishes.MOST_ACTIVE; n++) {
      told = told.then(new SandboxInput.RunCommand(id(100 + n), COMMAND));
    }

    assertThat(told.state().active()).hasSize(Wishes.MOST_ACTIVE);
    assertThat(told.decide(new SandboxInput.RunCommand(id(3), COMMAND)).rejected()).isTrue();
    assertThat(
            told.then(new SandboxInput.CommandEnded(id(100), RESULT, null, false))
                .decide(new SandboxInput.RunCommand(id(3), COMMAND))
                .rejected())
        .isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = SandboxStatus.class,
      names = {"RUNNING", "PAUSED", "TERMINATING", "TERMINATED", "FAILED"})
  void whatFollowsAWishDependsOnTheState(SandboxStatus status) {
    Told told = in(status);

    assertThat(told.state().status()).isEqualTo(status);
    assertThat(isPossible(told, new SandboxInput.RunCommand(id(30), COMMAND)))
        .isEqualTo(status == SandboxStatus.RUNNING);
    assertThat(isPossible(told, new SandboxInput.Pause(id(30))))
        .isEqualTo(status == SandboxStatus.RUNNING);
    assertThat(isPossible(told, new SandboxInput.Resume(id(30))))
        .isEqualTo(status == SandboxStatus.PAUSED);
    assertThat(isPossible(told, new SandboxInput.Reset(id(30))))
        .isEqualTo(status == SandboxStatus.RUNNING);
    assertThat(isPossible(told, new SandboxInput.Extend(id(30), Duration.ofHours(1))))
        .isEqualTo(status.isAlive());
  }

  private static boolean isPossible(Told told, SandboxInput wish) {
    return !told.decide(wish).rejected();
  }

  private static Told in(SandboxStatus status) {
    Told ending = Told.running().then(new SandboxInput.Terminate(id(9), KillReason.REQUESTED));
    return switch (status) {
      case PAUSED ->
          Told.running().then(new SandboxInput.Pause(id(5))).then(new SandboxInput.Paused(id(5)));
      case TERMINATING -> ending;
      case TERMINATED -> ending.then(new SandboxInput.Terminated(id(10), "ext-1"));
      case FAILED -> Told.of(CREATE).then(new SandboxInput.OperationFailed(CREATION, UNAVAILABLE));
      case NONE, REQUESTED, CREATED, RUNNING -> Told.running();
    };
  }

  @Test
  void whatWasAppliedAndIsToldAgainAtOnceChangesNothing() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Told told = Told.of();
          for (SandboxInput input : history) {
            told = told.then(input);
            Decision<SandboxEvent> again = told.decide(input);

            assertThat(again.events()).as("%s after %s", input, history).isEmpty();
            assertThat(again.operations()).isEmpty();
          }
        });
  }

  /// Wishes of records and requests that come once more at any later time.
  @Test
  void aWishThatIsRepeatedAtAnyTimeChangesNothing() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Told told = Told.of(history.toArray(SandboxInput[]::new));
          Stream<SandboxInput> wishes =
              history.stream()
                  .filter(input ->
                      input instanceof SandboxInput.RunCommand
                          || input instanceof SandboxInput.Create
                          || input instanceof SandboxInput.Work
                          || input instanceof SandboxInput.Pause
                          || input instanceof SandboxInput.Resume
                          || input instanceof SandboxInput.Reset
                          || input instanceof SandboxInput.Extend);

          wishes.forEach(wish -> {
            Decision<SandboxEvent> again = told.decide(wish);
            assertThat(again.events()).as("%s after %s", wish, history).isEmpty();
            assertThat(again.operations()).isEmpty();
          });
        });
  }

  @Test
  void foldingItsEventsGivesTheState() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Told told = Told.of();
          SandboxState folded = SandboxState.NONE;
          for (SandboxInput input : history) {
            Decision<SandboxEvent> decision = told.decide(input);
            for (SandboxEvent event : decision.events()) {
              folded = new SandboxDecider().evolve(folded, Told.numbered(event, told.steps()));
            }
            told = told.take(decision);
          }

          assertThat(folded).isEqualTo(told.state());
          assertThat(SandboxJson.state(SandboxJson.write(folded))).isEqualTo(folded);
        });
  }

  /// Whatever a provider has made is either the sandbox, or its end was asked for or condemned.
  @Test
  void nothingThatWasMadeIsLeftBehind() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Told told = Told.of(history.toArray(SandboxInput[]::new));
          Set<String> ended =
              told.operations().stream()
                  .filter(SandboxOperation.Terminate.class::isInstance)
                  .map(operation -> ((SandboxOperation.Terminate) operation).externalId())
                  .collect(Collectors.toSet());
          var known = new ArrayList<>(ended);
          known.addAll(told.state().condemned());
          if (told.state().status().isAlive() || isLost(told)) {
            known.add(String.valueOf(told.state().externalId()));
          }

          history.stream()
              .filter(SandboxInput.Created.class::isInstance)
              .map(input -> ((SandboxInput.Created) input).externalId())
              .forEach(made -> assertThat(known).as("after %s", history).contains(made));
        });
  }

  private static boolean isLost(Told told) {
    return told.state().killReason() == KillReason.PROVIDER_GONE;
  }

  @Test
  void everyOperationThatIsActiveIsSettledByItsOutcomeInAnyState() {
    qt().forAll(HISTORIES)
        .checkAssert(history -> {
          Told told = Told.of(history.toArray(SandboxInput[]::new));
          for (UUID operation : told.state().active().keySet()) {
            told = told.then(new SandboxInput.OperationFailed(operation, UNAVAILABLE));
          }

          assertThat(told.state().active()).isEmpty();
        });
  }
}
