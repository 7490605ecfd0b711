package dev.slipway.standalone.chaos;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What has been asked for so far, and what people have done since.
final class Work {
  private final List<Repository> repositories;
  private final Map<UUID, PlannedTask> tasks = new ConcurrentHashMap<>();

  /// Pull requests that people merged or closed, by task.
  private final Map<UUID, Fate> done = new ConcurrentHashMap<>();

  private final AtomicInteger asked = new AtomicInteger();

  /// A repository at GitHub.
  record Repository(String name, String url) {}

  Work(List<Repository> repositories) {
    this.repositories = List.copyOf(repositories);
  }

  List<Repository> repositories() {
    return repositories;
  }

  /// The repository that a task is about.
  Repository repositoryOf(PlannedTask task) {
    return repositories.get(task.number() % repositories.size());
  }

  void taken(UUID id, PlannedTask task) {
    PlannedTask _ = tasks.put(id, task);
    int _ = asked.incrementAndGet();
  }

  /// How many tasks were taken.
  int asked() {
    return asked.get();
  }

  Optional<PlannedTask> find(UUID id) {
    return Optional.ofNullable(tasks.get(id));
  }

  Collection<UUID> ids() {
    return tasks.keySet();
  }

  /// The task of a branch.
  static Optional<UUID> taskOf(String branch) {
    String prefix = "slipway/";
    try {
      return branch.startsWith(prefix)
          ? Optional.of(UUID.fromString(branch.substring(prefix.length())))
          : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  void done(UUID id, Fate fate) {
    Fate _ = done.put(id, fate);
  }

  /// What people have done with a task so far; empty when nothing.
  Optional<Fate> doneWith(UUID id) {
    return Optional.ofNullable(done.get(id));
  }

  /// Tasks with which people have still to do what the plan says.
  int left() {
    return (int)
        tasks.entrySet().stream()
            .filter(task -> task.getValue().fate() != Fate.LEAVE)
            .filter(task -> !done.containsKey(task.getKey()))
            .count();
  }
}
