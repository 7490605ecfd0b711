package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import java.util.List;

/// Changes references, and tells whoever must know that they have changed, by whichever way.
public final class References {
  private final Repositories repositories;

  public References(Repositories repositories) {
    this.repositories = repositories;
  }

  /// Changes one if it still is what it was.
  ///
  /// @return whether it is changed
  public boolean update(Repository repository, RefUpdate update, Caller by) {
    if (!repositories.git(repository).update(update)) {
      return false;
    }
    changed(repository, List.of(update), by);
    return true;
  }

  /// Says that references were changed.
  public void changed(Repository repository, List<RefUpdate> updates, Caller by) {
    if (!updates.isEmpty()) {
      firstBranch(repositories.pushed(repository), updates);
    }
  }

  /// What is pushed first to a repository is what its clones begin with.
  private void firstBranch(Repository repository, List<RefUpdate> updates) {
    GitRepository git = repositories.git(repository);
    if (git.branch(repository.defaultBranch()).isPresent()) {
      return;
    }
    updates.stream()
        .filter(update -> update.isCreation() && update.ref().startsWith(Protections.BRANCHES))
        .map(update -> update.ref().substring(Protections.BRANCHES.length()))
        .findFirst()
        .ifPresent(branch -> {
          Repository _ = repositories.makeDefault(repository, branch);
        });
  }
}
