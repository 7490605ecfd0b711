package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.git.Commit;
import dev.slipway.localgithub.git.Commit.Signature;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.Merges;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.pull.PullRequest.Attempt;
import dev.slipway.localgithub.repository.References;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localserver.RefusedException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Merges pull requests, or finds out whether they could be.
public final class Merging {
  private static final String BRANCHES = "refs/heads/";

  private final PullRequests pulls;
  private final Repositories repositories;
  private final References references;
  private final MergeRule rule;
  private final Clock clock;

  public Merging(
      PullRequests pulls,
      Repositories repositories,
      References references,
      MergeRule rule,
      Clock clock) {
    this.pulls = pulls;
    this.repositories = repositories;
    this.references = references;
    this.rule = rule;
    this.clock = clock;
  }

  /// What a protected branch asks of a pull request before it takes it.
  @FunctionalInterface
  public interface MergeRule {
    /// Why it does not take it.
    Optional<String> refusal(Repository repository, PullRequest pull);
  }

  /// Merges one.
  ///
  /// @return the new tip of its base
  String merge(Repository repository, PullRequest seen, Body body, Caller by) {
    return repositories.locked(
        repository.id(),
        () -> {
          PullRequest pull = pulls.find(repository, seen.number()).orElseThrow(Refusals::notFound);
          GitRepository git = repositories.git(repository);
          requireMergeable(repository, pull, body.text("sha"));
          String base = git.branch(pull.base().ref()).orElseThrow(() -> notMergeable());
          String made = make(repository, git, pull, base, body, by);
          PullRequest trying = pull.trying(new Attempt(null, null, made));
          PullRequest _ = pulls.change(pull, _ -> trying);
          if (!references.update(
              repository, new RefUpdate(BRANCHES + pull.base().ref(), base, made), by)) {
            PullRequest _ = pulls.change(pull, current -> current.trying(Attempt.NONE));
            throw new RefusedException(
                405, "Base branch was modified. Review and try the merge again.");
          }
          deleteHead(repository, pull, by);
          return made;
        });
  }

  private void requireMergeable(Repository repository, PullRequest pull, Optional<String> sha) {
    if (!pull.isOpen()) {
      throw notMergeable();
    }
    if (pull.content().draft()) {
      throw new RefusedException(405, "Pull Request is still a draft");
    }
    if (sha.filter(expected -> !expected.equals(pull.head().sha())).isPresent()) {
      throw new RefusedException(409, "Head branch was modified. Review and try the merge again.");
    }
    rule.refusal(repository, pull)
        .ifPresent(why -> {
          throw new RefusedException(405, why);
        });
  }

  private static RefusedException notMergeable() {
    return new RefusedException(405, "Pull Request is not mergeable");
  }

  private String make(
      Repository repository,
      GitRepository git,
      PullRequest pull,
      String base,
      Body body,
      Caller by) {
    Signature signature = Repositories.signature(by.account(), clock.instant());
    String head = pull.head().sha();
    String method = body.text("merge_method").orElse("merge");
    Merges merges = new Merges(git);
    Commits commits = new Commits(git);
    return switch (method) {
      case "merge" -> {
        String title =
            body.text("commit_title")
                .orElseGet(() ->
                    "Merge pull request #%d from %s/%s"
                        .formatted(
                            pull.number(),
                            Heads.holder(repository, pull.identity().fork()).login(),
                            pull.head().ref()));
        yield commits.create(
            merges.tree(base, head).orElseThrow(Merging::notMergeable),
            List.of(base, head),
            message(title, body.text("commit_message").orElse(pull.content().title())),
            signature,
            signature);
      }
      case "squash" -> {
        List<Commit> squashed = commits.between(base, head, 250);
        String title =
            body.text("commit_title")
                .orElseGet(() -> "%s (#%d)".formatted(pull.content().title(), pull.number()));
        String text =
            body.text("commit_message")
                .orElseGet(() ->
                    squashed.stream()
                        .map(commit -> "* " + commit.message())
                        .collect(Collectors.joining("\n\n")));
        yield commits.create(
            merges.tree(base, head).orElseThrow(Merging::notMergeable),
            List.of(base),
            message(title, text),
            signature,
            signature);
      }
      case "rebase" -> merges.rebase(base, head, signature).orElseThrow(Merging::notMergeable);
      default ->
          throw Refusals.request(
              "For 'properties/merge_method', \"%s\" is not one of merge, squash, rebase."
                  .formatted(method));
    };
  }

  private static String message(String title, String text) {
    return text.isEmpty() ? title : title + "\n\n" + text;
  }

  private void deleteHead(Repository repository, PullRequest pull, Caller by) {
    if (repository.deletesBranches() && pull.identity().fork() == null) {
      boolean _ =
          references.update(
              repository,
              new RefUpdate(BRANCHES + pull.head().ref(), pull.head().sha(), RefUpdate.NONE),
              by);
    }
  }

  /// Looks whether it could be merged, and keeps what that came to for who asks next: as GitHub,
  /// who does so behind the asker's back, the first one is not told.
  void look(Repository repository, PullRequest seen) {
    boolean _ =
        repositories.locked(
            repository.id(),
            () -> {
              PullRequest pull =
                  pulls.find(repository, seen.number()).orElseThrow(Refusals::notFound);
              if (!pull.isOpen() || pull.attempt().mergeable() != null) {
                return false;
              }
              GitRepository git = repositories.git(repository);
              String base = git.branch(pull.base().ref()).orElse(pull.base().sha());
              Optional<String> tree = new Merges(git).tree(base, pull.head().sha());
              Signature signature =
                  Repositories.signature(pull.identity().author(), clock.instant());
              Optional<String> test =
                  tree.map(found ->
                      new Commits(git)
                          .create(
                              found,
                              List.of(base, pull.head().sha()),
                              "Merge %s into %s".formatted(pull.head().sha(), base),
                              signature,
                              signature));
              pointTo(git, pull, test.orElse(RefUpdate.NONE));
              PullRequest _ =
                  pulls.change(
                      pull,
                      current ->
                          current.trying(new Attempt(test.orElse(null), test.isPresent(), null)));
              return true;
            });
  }

  private static void pointTo(GitRepository git, PullRequest pull, String sha) {
    String ref = "refs/pull/" + pull.number() + "/merge";
    String before = git.object(ref).orElse(RefUpdate.NONE);
    if (!before.equals(sha) && !git.update(new RefUpdate(ref, before, sha))) {
      throw new IllegalStateException(ref + " cannot be updated");
    }
  }

  /// Brings the newest of the base into the head.
  void updateBranch(Repository repository, PullRequest seen, Optional<String> expected, Caller by) {
    boolean _ =
        repositories.locked(
            repository.id(),
            () -> {
              PullRequest pull =
                  pulls.find(repository, seen.number()).orElseThrow(Refusals::notFound);
              String head = pull.head().sha();
              if (expected.filter(sha -> !sha.equals(head)).isPresent()) {
                throw new RefusedException(422, "expected head sha didn’t match current head ref.");
              }
              GitRepository git = repositories.git(repository);
              String base = git.branch(pull.base().ref()).orElseThrow(() -> conflict());
              if (git.isAncestor(base, head)) {
                throw new RefusedException(422, "There are no new commits on the base branch.");
              }
              Signature signature = Repositories.signature(by.account(), clock.instant());
              String made =
                  new Commits(git)
                      .create(
                          new Merges(git).tree(head, base).orElseThrow(Merging::conflict),
                          List.of(head, base),
                          "Merge branch '%s' into %s"
                              .formatted(pull.base().ref(), pull.head().ref()),
                          signature,
                          signature);
              Repository of =
                  new Heads(repositories)
                      .repository(repository, pull.identity().fork())
                      .orElseThrow(() -> conflict());
              Heads.bring(git, repositories.git(of), made);
              return references.update(
                  of, new RefUpdate(BRANCHES + pull.head().ref(), head, made), by);
            });
  }

  private static RefusedException conflict() {
    return new RefusedException(422, "merge conflict between base and head");
  }
}
