package dev.slipway.pr.opening;

import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.pr.github.NewPullRequest;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.pr.github.RemoteRepository;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.opening.Twins.Candidate;
import dev.slipway.pr.opening.Twins.Standing;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// One try to open a pull request: looks, creates, looks again. GitHub cannot be asked to create
/// one once; [Twins] says which one stays.
///
/// | what GitHub says | outcome |
/// |---|---|
/// | opened, or found | succeeded, whatever it says to labels and to twins that are to be closed |
/// | that it does not see the branch, or nothing new on it, or one already | tried again a few times, then failed |
/// | limits, outages; nothing that could be understood, to what may have created one | tried again until the operation is overdue, then failed |
/// | anything else | failed |
public final class OpeningAttempt<I> {
  private static final Logger log = LoggerFactory.getLogger(OpeningAttempt.class);

  /// A branch that was pushed a moment ago is not seen by all of GitHub at once.
  private static final int LOOKS_AT_BRANCH = 3;

  /// GitHub's lists may be a while behind.
  private static final int LOOKS_AT_LIST = 8;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final LeasedOperation operation;
  private final Wish wish;
  private final GitHubRepository repository;
  private final Hold hold;
  private final Duration toCreate;
  private final boolean forLife;
  private final Told<I> told;

  // CONFINED: to the thread that opens, as all that follow
  private final List<Observation> observations = new ArrayList<>();
  private OpeningNote note;
  private OpeningNote kept; // as its row has it

  /// What the aggregate is told.
  public interface Told<I> {
    /// There is one.
    ///
    /// @param repository that it is of
    /// @param shown as GitHub shows it
    /// @param adopted whether it was there
    /// @param answers of GitHub that tell of pull requests, in the order in which they were read
    I opened(
        RemoteRepository repository,
        RemotePullRequest shown,
        boolean adopted,
        List<Observation> answers);

    /// It is no longer wanted, and there is none that we made.
    I cancelled();
  }

  /// @param toCreate what a create may take, so that it is over before another worker looks
  /// @param forLife whether the head has one for life, as a task's has, and not one for what it
  ///   holds
  public OpeningAttempt(
      LeasedOperation operation,
      Wish wish,
      GitHubRepository repository,
      Hold hold,
      Duration toCreate,
      boolean forLife,
      Told<I> told) {
    this.operation = operation;
    this.wish = wish;
    this.repository = repository;
    this.hold = hold;
    this.toCreate = toCreate;
    this.forLife = forLife;
    this.told = told;
    this.note = OpenPullRequestCodec.note(operation);
    this.kept = note;
  }

  /// Opens it, or finds it.
  ///
  /// @throws InterruptedException the process is being stopped, or the lease is lost
  public Outcome<I> open() throws InterruptedException {
    if (note.seen() == null && hold.isCancelled()) {
      return cancelled();
    }
    try {
      return look();
    } catch (CancellationException _) {
      return cancelled();
    } catch (GitHubException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("in the middle of a call");
      }
      if (most(e.code()) > 0) {
        note = note.refused();
      }
      if (!note.equals(kept)) {
        leave(note);
      }
      return failed(e.failure());
    }
  }

  private Outcome<I> look() throws InterruptedException {
    RemoteRepository remote = repository.read().value();
    Twins before = twins(found(remote));
    String tip = repository.tip(wish.head()).orElse(null);
    Optional<Candidate> since =
        note.seen() == null ? Optional.empty() : before.since(note.seen(), tip);
    if (since.isPresent()) {
      return keep(remote, before, since.get(), null);
    }
    String base = base(remote);
    Optional<Candidate> known = before.known(base, wish.base() != null, tip);
    if (known.isPresent()) {
      return forLife ? keep(remote, before, known.get(), null) : opened(remote, known.get(), null);
    }
    if (tip == null) {
      throw refused(
          FailureCode.HEAD_INVALID,
          "%s has no branch %s: push it first.".formatted(remote.fullName(), wish.head()));
    }
    Answer<RemotePullRequest> made = create(base, before);
    var after = new ArrayList<>(found(remote));
    if (after.stream().noneMatch(one -> one.number() == made.value().number())) {
      after.add(made.value()); // GitHub's lists may be a moment behind
    }
    long seen = note.seen() == null ? before.highest() : note.seen();
    return keep(remote, twins(after), twins(after).since(seen, tip).orElseThrow(), made);
  }

  /// What certainly did not happen leaves no trace: from the note others conclude that it may have.
  private Answer<RemotePullRequest> create(String base, Twins before) throws InterruptedException {
    OpeningNote earlier = note;
    try {
      return repository.open(
          new NewPullRequest(
              wish.title() == null ? wish.head() : wish.title(),
              wish.head(),
              base,
              wish.body() == null ? "" : wish.body(),
              wish.draft()),
          () -> {
            note = earlier.creating(before.highest());
            leave(note);
            hold.holdFor(toCreate);
            if (hold.isCancelled()) {
              throw new CancellationException();
            }
          });
    } catch (GitHubException e) {
      if (!e.failure().mayHaveHappened()) {
        note = earlier;
      }
      throw e;
    }
  }

  private void leave(OpeningNote newest) throws InterruptedException {
    hold.noteNow(OpenPullRequestCodec.encode(newest));
    kept = newest;
  }

  private String base(RemoteRepository remote) {
    String base = wish.base() == null ? remote.defaultBranch() : wish.base();
    if (base == null) {
      throw refused(
          FailureCode.BASE_NOT_FOUND,
          "%s has no branch yet: push the one that pull requests are to go to."
              .formatted(remote.fullName()));
    }
    return base;
  }

  /// Pull requests of this very head: GitHub may also find such of another one on the same commit.
  private List<RemotePullRequest> found(RemoteRepository remote) {
    String owner = RepositoryPath.parse(remote.fullName()).orElseThrow().owner();
    return repository.pullRequestsOf(owner, wish.head()).stream()
        .filter(one ->
            one.head().ref().equals(wish.head())
                && Long.valueOf(remote.id()).equals(one.head().repositoryId())
                && one.base().repositoryId() == remote.id())
        .toList();
  }

  private Twins twins(List<RemotePullRequest> found) {
    return new Twins(
        found.stream()
            .map(one ->
                new Candidate(one.number(), standing(one), one.head().sha(), one.base().ref()))
            .toList(),
        forLife);
  }

  private static Standing standing(RemotePullRequest one) {
    if (one.isOpen()) {
      return Standing.OPEN;
    }
    return one.mergedAt() == null ? Standing.CLOSED : Standing.MERGED;
  }

  private Outcome<I> keep(
      RemoteRepository remote,
      Twins twins,
      Candidate kept,
      @Nullable Answer<RemotePullRequest> made) {
    for (Candidate twin : twins.besides(kept)) {
      // the comment first: one that is closed is not looked at again
      closing().explain(twin.number(), reason(kept));
      besides(
          "close a twin",
          () -> observations.add(Answer.observation(closing().close(twin.number()))));
    }
    return opened(remote, kept, made);
  }

  private ClosingAct closing() {
    return new ClosingAct(repository, operation.id());
  }

  private static String reason(Candidate kept) {
    return "#%d was opened for this branch first, and a branch has one pull request."
        .formatted(kept.number());
  }

  private Outcome<I> opened(
      RemoteRepository remote, Candidate kept, @Nullable Answer<RemotePullRequest> made) {
    if (kept.isOpen() && !wish.labels().isEmpty() && !hold.isCancelled()) {
      besides("add labels", () -> repository.label(kept.number(), wish.labels()));
    }
    boolean isAdopted = made == null || made.value().number() != kept.number();
    Answer<RemotePullRequest> answer =
        made == null || isAdopted ? repository.pullRequest(kept.number()) : made;
    observations.add(Answer.observation(answer));
    return new Outcome.Succeeded<>(
        told.opened(remote, answer.value(), isAdopted, observations),
        JSON.writeValueAsString(new ResultJson(kept.number(), answer.value().url(), isAdopted)));
  }

  /// Does what the pull request itself does not depend on: refused for good, it stays undone.
  private void besides(String what, Runnable write) {
    try {
      write.run();
    } catch (GitHubException e) {
      if (e.failure().retryable() || e.failure().mayHaveHappened()) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("operation_id", operation.id())
          .addKeyValue("code", e.code().code())
          .addKeyValue("what", what)
          .setCause(e)
          .log("GitHub refuses what goes with a pull request");
    }
  }

  private Outcome<I> failed(GitHubFailure failure) {
    int most = most(failure.code());
    boolean wasSent = forLife && note.seen() != null; // it may be there: somebody must look
    boolean isPassing =
        wasSent
            || failure.mayHaveHappened()
            || (most > 0 ? note.refusals() < most : failure.retryable());
    boolean mayPass = isPassing || (forLife && most > 0);
    var told = new Failure(failure.code().code(), failure.message(), mayPass);
    return isPassing
        ? new Outcome.Later<>(told, failure.retryAfter())
        : new Outcome.Failed<>(told, null, null);
  }

  /// How often it is tried though GitHub says so; 0 for what is no such refusal.
  private static int most(FailureCode code) {
    return switch (code) {
      case NO_COMMITS_BETWEEN, HEAD_INVALID -> LOOKS_AT_BRANCH;
      case ALREADY_EXISTS -> LOOKS_AT_LIST;
      default -> 0;
    };
  }

  private Outcome<I> cancelled() {
    return new Outcome.Cancelled<>(told.cancelled(), null);
  }

  private static GitHubException refused(FailureCode code, String message) {
    return new GitHubException(new GitHubFailure(code, message, false, Duration.ZERO, false));
  }

  private record ResultJson(long number, String url, boolean adopted) {}
}
