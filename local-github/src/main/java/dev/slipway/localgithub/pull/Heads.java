package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.pull.PullRequest.Branch;
import dev.slipway.localgithub.pull.PullRequest.Fork;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the heads of pull requests are: in the repository itself, or in a fork of it.
final class Heads {
  private static final String BRANCHES = "refs/heads/";

  private final Repositories repositories;

  Heads(Repositories repositories) {
    this.repositories = repositories;
  }

  /// The repository of a head.
  ///
  /// @return empty once a fork was deleted
  Optional<Repository> repository(Repository base, @Nullable Fork fork) {
    return fork == null ? Optional.of(base) : repositories.find(fork.repository());
  }

  static Account holder(Repository base, @Nullable Fork fork) {
    return fork == null ? base.holder() : fork.holder();
  }

  /// The fork of somebody's.
  Optional<Fork> fork(Repository base, String owner) {
    return repositories.all().stream()
        .filter(each -> Long.valueOf(base.id()).equals(each.parent()))
        .filter(each -> each.owner().equalsIgnoreCase(owner))
        .findFirst()
        .map(found -> new Fork(found.id(), found.holder()));
  }

  /// A head as it is now; the repository has the commits of a fork's from then on.
  Optional<Branch> branch(Repository base, @Nullable Fork fork, String name) {
    String ref = name.startsWith(BRANCHES) ? name.substring(BRANCHES.length()) : name;
    return repository(base, fork)
        .flatMap(of -> {
          Optional<String> sha = repositories.git(of).branch(ref);
          if (fork != null && sha.isPresent()) {
            bring(repositories.git(of), repositories.git(base), sha.get());
          }
          return sha.map(commit -> new Branch(ref, commit));
        });
  }

  /// Has a repository have a commit that another one has.
  static void bring(GitRepository from, GitRepository to, String sha) {
    if (to.commit(sha).isEmpty()) {
      to.fetch(from, sha);
    }
  }
}
