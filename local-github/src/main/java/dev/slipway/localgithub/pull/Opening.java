package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.pull.PullRequest.Attempt;
import dev.slipway.localgithub.pull.PullRequest.Branch;
import dev.slipway.localgithub.pull.PullRequest.Content;
import dev.slipway.localgithub.pull.PullRequest.Ending;
import dev.slipway.localgithub.pull.PullRequest.Fork;
import dev.slipway.localgithub.pull.PullRequest.Identity;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localserver.RefusedException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes pull requests, of what may become one.
public final class Opening {
  private static final String PULL = "PullRequest";
  private static final int LONGEST_TITLE = 256;
  private static final int LONGEST_BODY = 65_536;

  private final PullRequests pulls;
  private final Repositories repositories;
  private final Heads heads;
  private final PullEvents events;
  private final Store store;
  private final Clock clock;

  public Opening(
      PullRequests pulls, Repositories repositories, PullEvents events, Store store, Clock clock) {
    this.pulls = pulls;
    this.repositories = repositories;
    heads = new Heads(repositories);
    this.events = events;
    this.store = store;
    this.clock = clock;
  }

  PullRequest open(Repository repository, Body body, Caller by) {
    String headGiven = body.requireText("head");
    String baseRef = body.requireText("base");
    String title =
        body.text("title")
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> Refusals.invalid(PULL, "title", "missing_field"));
    requireLengths(title, body.text("body"));
    GitRepository git = repositories.git(repository);
    Optional<Fork> found = fork(repository, headGiven);
    @Nullable Fork fork = found.orElse(null);
    String headRef = headGiven.substring(headGiven.indexOf(':') + 1);
    return repositories.locked(
        repository.id(),
        () -> {
          Branch base =
              branch(git, baseRef).orElseThrow(() -> Refusals.invalid(PULL, "base", "invalid"));
          Branch head =
              heads
                  .branch(repository, fork, headRef)
                  .orElseThrow(() -> Refusals.invalid(PULL, "head", "invalid"));
          requireNone(repository, fork, headRef, baseRef);
          requireCommits(git, base, head);
          Instant now = clock.instant();
          PullRequest opened =
              pulls.add(
                  repository,
                  number ->
                      new PullRequest(
                          new Identity(
                              store.nextId(), repository.id(), number, by.account(), now, fork),
                          new Content(
                              title,
                              body.text("body").orElse(null),
                              body.flag("draft").orElse(false),
                              body.flag("maintainer_can_modify").orElse(false),
                              List.of(),
                              List.of()),
                          head,
                          base,
                          now,
                          Ending.NONE,
                          Attempt.NONE));
          follow(git, opened);
          events.emit(repository, by.account(), "opened", opened);
          return opened;
        });
  }

  /// Has a reference follow the head, for who fetches it.
  static void follow(GitRepository git, PullRequest pull) {
    String ref = pull.headRef();
    String before = git.object(ref).orElse(RefUpdate.NONE);
    if (!before.equals(pull.head().sha())
        && !git.update(new RefUpdate(ref, before, pull.head().sha()))) {
      throw new IllegalStateException(ref + " cannot be updated");
    }
  }

  static void requireLengths(String title, Optional<String> body) {
    if (title.length() > LONGEST_TITLE) {
      throw Refusals.invalid(
          PULL, "title", "custom", "title is too long (maximum is 256 characters)");
    }
    if (body.filter(text -> text.length() > LONGEST_BODY).isPresent()) {
      throw Refusals.invalid(
          PULL, "body", "custom", "body is too long (maximum is 65536 characters)");
    }
  }

  /// The fork that `owner:branch` is in; empty for a branch of the repository itself.
  private Optional<Fork> fork(Repository repository, String given) {
    int colon = given.indexOf(':');
    return colon < 0 || given.substring(0, colon).equalsIgnoreCase(repository.owner())
        ? Optional.empty()
        : Optional.of(
            heads
                .fork(repository, given.substring(0, colon))
                .orElseThrow(() -> Refusals.invalid(PULL, "head", "invalid")));
  }

  static Optional<Branch> branch(GitRepository git, String name) {
    String ref = name.startsWith("refs/heads/") ? name.substring("refs/heads/".length()) : name;
    return git.branch(ref).map(sha -> new Branch(ref, sha));
  }

  private Optional<PullRequest> open(
      Repository repository, @Nullable Fork fork, String headRef, String baseRef) {
    return pulls.openOf(repository).stream()
        .filter(pull -> Objects.equals(fork, pull.identity().fork()))
        .filter(pull -> pull.head().ref().equals(headRef) && pull.base().ref().equals(baseRef))
        .findFirst();
  }

  private void requireNone(
      Repository repository, @Nullable Fork fork, String headRef, String baseRef) {
    if (open(repository, fork, headRef, baseRef).isPresent()) {
      throw Refusals.custom(
          PULL,
          "A pull request already exists for %s:%s."
              .formatted(Heads.holder(repository, fork).login(), headRef));
    }
  }

  private static void requireCommits(GitRepository git, Branch base, Branch head) {
    Commits commits = new Commits(git);
    if (commits.mergeBase(base.sha(), head.sha()).isEmpty()) {
      throw Refusals.custom(
          PULL, "The %s branch has no history in common with %s".formatted(head.ref(), base.ref()));
    }
    if (commits.count(base.sha(), head.sha()) == 0) {
      throw Refusals.custom(PULL, "No commits between %s and %s".formatted(base.ref(), head.ref()));
    }
  }

  /// A branch that a pull request may be moved onto.
  Branch requireBase(Repository repository, PullRequest pull, String name) {
    if (!pull.isOpen()) {
      throw Refusals.invalid(
          PULL, "base", "invalid", "Cannot change the base branch of a closed pull request.");
    }
    GitRepository git = repositories.git(repository);
    Branch base =
        branch(git, name)
            .orElseThrow(() ->
                Refusals.invalid(
                    PULL, "base", "invalid", "Proposed base branch '" + name + "' was not found"));
    if (open(repository, pull.identity().fork(), pull.head().ref(), base.ref()).isPresent()) {
      throw Refusals.invalid(
          PULL,
          "base",
          "invalid",
          "A pull request already exists for base branch '%s' and head branch '%s'"
              .formatted(base.ref(), pull.head().ref()));
    }
    if (new Commits(git).count(base.sha(), pull.head().sha()) == 0) {
      throw Refusals.invalid(
          PULL,
          "base",
          "invalid",
          "There are no new commits between base branch '%s' and head branch '%s'"
              .formatted(base.ref(), pull.head().ref()));
    }
    return base;
  }

  /// Makes sure that a closed one may be opened again.
  void requireReopenable(Repository repository, PullRequest pull) {
    if (pull.isMerged()) {
      throw notReopened("The pull request cannot be reopened.");
    }
    Optional<Branch> head = heads.branch(repository, pull.identity().fork(), pull.head().ref());
    if (head.isEmpty()) {
      throw notReopened("The " + pull.head().ref() + " branch has been deleted.");
    }
    if (!head.get().sha().equals(pull.head().sha())) {
      throw notReopened("The " + pull.head().ref() + " branch was force-pushed or recreated.");
    }
    if (open(repository, pull.identity().fork(), pull.head().ref(), pull.base().ref())
        .isPresent()) {
      throw notReopened(
          "There is already an open pull request from %s to %s."
              .formatted(pull.head().ref(), pull.base().ref()));
    }
  }

  private static RefusedException notReopened(String why) {
    return Refusals.invalid(PULL, "state", "invalid", "state cannot be changed. " + why);
  }
}
