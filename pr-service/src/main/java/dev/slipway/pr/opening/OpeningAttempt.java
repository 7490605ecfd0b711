package dev.slipway.pr.opening;

import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pr.github.Answer;
import dev.slipway.pr.github.GitHubRepository;
import dev.slipway.pr.github.NewPullRequest;
import dev.slipway.pr.github.RemotePullRequest;
import dev.slipway.pr.github.RemoteRepository;
import dev.slipway.pr.observation.Observation;
import dev.slipway.pr.opening.Twins.Candidate;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// One try to open a pull request: looks, creates, looks again.
///
/// GitHub cannot be asked to create one once. So whoever creates notes before which ones were
/// there: all that have a higher number came to be since, by a call whose answer was lost or by
/// somebody else at the same moment, and the lowest of them stays.
final class OpeningAttempt {
  /// What a create may take at most, with the wait for its turn, so that it is over before another
  /// worker looks.
  private static final Duration TO_CREATE = Duration.ofSeconds(45);

  private static final JsonMapper JSON = JsonMapper.shared();

  private final LeasedOperation operation;
  private final Wish wish;
  private final GitHubRepository repository;
  private final Hold hold;

  // CONFINED: to the thread that opens
  private final List<Observation> observations = new ArrayList<>();

  OpeningAttempt(LeasedOperation operation, Wish wish, GitHubRepository repository, Hold hold) {
    this.operation = operation;
    this.wish = wish;
    this.repository = repository;
    this.hold = hold;
  }

  /// What a try must know of the lease that it is made under.
  interface Hold {
    /// Whether the pull request is no longer wanted.
    boolean isCancelled();

    /// Whether the operation is ours for so long from now on.
    boolean isHeldFor(Duration time);

    /// Leaves a word for whoever comes next, and waits until it is kept; the lease is whole again.
    ///
    /// @throws InterruptedException the operation is another's by now
    void note(OpeningNote note) throws InterruptedException;

    static Hold of(Lease<?> lease) {
      return new Hold() {
        @Override
        public boolean isCancelled() {
          return lease.isCancelled();
        }

        @Override
        public boolean isHeldFor(Duration time) {
          return lease.isHeldFor(time);
        }

        @Override
        public void note(OpeningNote note) throws InterruptedException {
          lease.noteNow(OpenPullRequestCodec.encode(note));
        }
      };
    }
  }

  /// @throws GitHubException it was not done
  Outcome<HeadInput> open() throws InterruptedException {
    RemoteRepository remote = repository.read().value();
    List<RemotePullRequest> found = look(remote);
    Twins before = twins(found);
    OpeningNote note = OpenPullRequestCodec.note(operation);
    Optional<Candidate> since = note == null ? Optional.empty() : before.since(note.seen());
    if (since.isPresent()) {
      return keep(remote, before, since.get(), null);
    }
    String base = base(remote);
    String tip = repository.tip(wish.head()).orElse(null);
    Optional<Candidate> known = before.known(base, tip);
    if (known.isPresent()) {
      return opened(remote, known.get(), null);
    }
    if (tip == null) {
      throw refused(
          FailureCode.HEAD_INVALID,
          "%s has no branch %s: push it first.".formatted(remote.fullName(), wish.head()));
    }
    if (hold.isCancelled()) {
      return new Outcome.Cancelled<>(new HeadInput.Ended(operation.id()), null);
    }
    return create(remote, base, note == null ? new OpeningNote(before.highest()) : note);
  }

  private Outcome<HeadInput> create(RemoteRepository remote, String base, OpeningNote note)
      throws InterruptedException {
    hold.note(note);
    if (!hold.isHeldFor(TO_CREATE)) {
      throw new InterruptedException("too little is left of the lease");
    }
    Answer<RemotePullRequest> made =
        repository.open(
            new NewPullRequest(
                wish.title() == null ? wish.head() : wish.title(),
                wish.head(),
                base,
                wish.body() == null ? "" : wish.body(),
                wish.draft()));
    var found = new ArrayList<>(look(remote));
    if (found.stream().noneMatch(one -> one.number() == made.value().number())) {
      found.add(made.value()); // GitHub's lists may be a moment behind
    }
    Twins after = twins(found);
    return keep(remote, after, after.since(note.seen()).orElseThrow(), made);
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
  private List<RemotePullRequest> look(RemoteRepository remote) {
    String owner = RepositoryPath.parse(remote.fullName()).orElseThrow().owner();
    return repository.pullRequestsOf(owner, wish.head()).stream()
        .filter(one ->
            one.head().ref().equals(wish.head())
                && Long.valueOf(remote.id()).equals(one.head().repositoryId())
                && one.base().repositoryId() == remote.id())
        .toList();
  }

  private static Twins twins(List<RemotePullRequest> found) {
    return new Twins(
        found.stream()
            .map(one ->
                new Candidate(one.number(), one.isOpen(), one.head().sha(), one.base().ref()))
            .toList());
  }

  /// Of twins the lowest number stays.
  private Outcome<HeadInput> keep(
      RemoteRepository remote,
      Twins twins,
      Candidate kept,
      @Nullable Answer<RemotePullRequest> made) {
    for (Candidate twin : twins.besides(kept)) {
      close(twin, kept);
    }
    return opened(remote, kept, made);
  }

  /// The comment first: one that is closed is not looked at again.
  private void close(Candidate twin, Candidate kept) {
    String mark = "<!-- slipway %s -->".formatted(operation.id());
    if (repository.comments(twin.number()).stream().noneMatch(text -> text.contains(mark))) {
      repository.comment(
          twin.number(),
          "#%d was opened for this branch first, and a branch has one pull request.\n%s"
              .formatted(kept.number(), mark));
    }
    observations.add(Answer.observation(repository.close(twin.number())));
  }

  private Outcome<HeadInput> opened(
      RemoteRepository remote, Candidate kept, @Nullable Answer<RemotePullRequest> made) {
    if (kept.open() && !wish.labels().isEmpty()) {
      repository.label(kept.number(), wish.labels());
    }
    boolean isAdopted = made == null || made.value().number() != kept.number();
    Answer<RemotePullRequest> answer =
        made == null || isAdopted ? repository.pullRequest(kept.number()) : made;
    observations.add(Answer.observation(answer));
    String url = answer.value().url();
    return new Outcome.Succeeded<>(
        new HeadInput.Opened(
            operation.id(), new HeadState.Opened(remote.id(), kept.number(), url), observations),
        JSON.writeValueAsString(new ResultJson(kept.number(), url, isAdopted)));
  }

  private static GitHubException refused(FailureCode code, String message) {
    return new GitHubException(new GitHubFailure(code, message, false, Duration.ZERO, false));
  }

  private record ResultJson(long number, String url, boolean adopted) {}
}
