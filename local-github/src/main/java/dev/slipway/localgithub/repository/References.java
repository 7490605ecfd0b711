package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Caller;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Changes references, and tells whoever must know that they have changed, by whichever way.
public final class References {
  private final Repositories repositories;
  private final PushEvents events;
  private final List<RefListener> listeners = new CopyOnWriteArrayList<>();

  public References(Repositories repositories, Events events, Urls urls) {
    this.repositories = repositories;
    this.events = new PushEvents(events, repositories, urls);
  }

  /// Has somebody follow all references from now on.
  public void listen(RefListener listener) {
    listeners.add(listener);
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
      events.emit(repository, updates, by.account());
      listeners.forEach(listener -> listener.changed(repository, updates, by.account()));
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
