package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.pull.PullRequest.Attempt;
import dev.slipway.localgithub.pull.PullRequest.Branch;
import dev.slipway.localgithub.pull.PullRequest.Fork;
import dev.slipway.localgithub.repository.RefListener;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Has pull requests follow their branches:
///
/// | What happens | What becomes of it |
/// |---|---|
/// | the head moves | synchronize |
/// | the head is gone, or has nothing that the base lacks by a forced push | closed |
/// | the base gets the head's commits, or what we merged | closed, merged |
/// | the base moves otherwise | nobody knows whether it can be merged |
/// | the base is gone | closed |
public final class Following implements RefListener {
  private static final String BRANCHES = "refs/heads/";

  private final PullRequests pulls;
  private final Repositories repositories;
  private final Heads heads;
  private final PullEvents events;
  private final Clock clock;

  public Following(PullRequests pulls, Repositories repositories, PullEvents events, Clock clock) {
    this.pulls = pulls;
    this.repositories = repositories;
    heads = new Heads(repositories);
    this.events = events;
    this.clock = clock;
  }

  /// Catches up on what a killed process did to branches and could not note any more.
  public void catchUp() {
    for (Repository repository : repositories.all()) {
      for (PullRequest pull : pulls.openOf(repository)) {
        follow(repository, pull, pull.identity().author());
      }
    }
  }

  @Override
  public void changed(Repository repository, List<RefUpdate> updates, Account by) {
    Set<String> branches =
        updates.stream()
            .map(RefUpdate::ref)
            .filter(ref -> ref.startsWith(BRANCHES))
            .map(ref -> ref.substring(BRANCHES.length()))
            .collect(Collectors.toSet());
    boolean _ =
        repositories.locked(
            repository.id(),
            () -> {
              GitRepository git = repositories.git(repository);
              Set<String> contained = contained(git, branches);
              Set<String> gone =
                  branches.stream()
                      .filter(branch -> git.branch(branch).isEmpty())
                      .collect(Collectors.toSet());
              for (PullRequest pull : pulls.openOf(repository)) {
                if ((pull.identity().fork() == null && branches.contains(pull.head().ref()))
                    || (branches.contains(pull.base().ref())
                        && (contained.contains(pull.headRef())
                            || !pull.attempt().equals(Attempt.NONE)
                            || gone.contains(pull.base().ref())))) {
                  follow(repository, pull, by);
                }
              }
              return true;
            });
    if (repository.parent() != null) {
      repositories
          .find(repository.parent())
          .ifPresent(base -> changedIn(base, repository, branches, by));
    }
  }

  /// Has those follow whose heads are in a fork.
  private void changedIn(Repository base, Repository fork, Set<String> branches, Account by) {
    boolean _ =
        repositories.locked(
            base.id(),
            () -> {
              for (PullRequest pull : pulls.openOf(base)) {
                Fork of = pull.identity().fork();
                if (of != null
                    && of.repository() == fork.id()
                    && branches.contains(pull.head().ref())) {
                  follow(base, pull, by);
                }
              }
              return true;
            });
  }

  /// Heads that some branches contain, found at once: a base may have a thousand pull requests.
  private static Set<String> contained(GitRepository git, Set<String> branches) {
    Set<String> heads = new HashSet<>();
    for (String branch : branches) {
      git.branch(branch)
          .ifPresent(tip -> git.refsIn("refs/pull/", tip).forEach(ref -> heads.add(ref.name())));
    }
    return heads;
  }

  /// Compares one with its branches as they are now.
  private void follow(Repository repository, PullRequest pull, Account by) {
    GitRepository git = repositories.git(repository);
    Optional<Branch> head = heads.branch(repository, pull.identity().fork(), pull.head().ref());
    Optional<Branch> base = Opening.branch(git, pull.base().ref());
    if (base.isPresent()) {
      Optional<String> merge = merge(git, pull, base.get());
      if (merge.isPresent()) {
        close(repository, pull.merged(by, merge.get(), clock.instant()), by);
        return;
      }
    }
    if (head.isEmpty() || base.isEmpty()) {
      close(repository, pull.closed(clock.instant()), by);
    } else if (!head.get().sha().equals(pull.head().sha())) {
      boolean nothingLeft = git.isAncestor(head.get().sha(), base.get().sha());
      synchronize(repository, pull, pull.at(head.get(), base.get(), clock.instant()), by);
      if (nothingLeft) {
        close(
            repository,
            pull.at(head.get(), base.get(), clock.instant()).closed(clock.instant()),
            by);
      }
    } else if (!pull.attempt().equals(Attempt.NONE)) {
      PullRequest _ = pulls.change(pull, current -> current.trying(Attempt.NONE));
    }
  }

  /// What brought a pull request into its base, if something did.
  private static Optional<String> merge(GitRepository git, PullRequest pull, Branch base) {
    @Nullable String under = pull.attempt().under();
    if (under != null && git.isAncestor(under, base.sha())) {
      return Optional.of(under);
    }
    return git.isAncestor(pull.head().sha(), base.sha())
        ? Optional.of(base.sha())
        : Optional.empty();
  }

  private void close(Repository repository, PullRequest closed, Account by) {
    PullRequest _ = pulls.change(closed, _ -> closed);
    events.emit(repository, by, "closed", closed);
  }

  private void synchronize(
      Repository repository, PullRequest before, PullRequest after, Account by) {
    PullRequest _ = pulls.change(after, _ -> after);
    Opening.follow(repositories.git(repository), after);
    events.emit(
        repository,
        by,
        "synchronize",
        after,
        Json.object().put("before", before.head().sha()).put("after", after.head().sha()));
  }
}
