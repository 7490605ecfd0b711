package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.git.Commit.Signature;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.GitFolder;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.git.RefUpdate;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localserver.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All repositories.
public final class Repositories {
  private static final String FIRST_BRANCH = "main";

  private final Documents<Repository> all;
  private final Store store;
  private final GitFolder folder;
  private final Clock clock;
  private final ReentrantLock names = new ReentrantLock();
  private final ConcurrentMap<Long, ReentrantLock> locks = new ConcurrentHashMap<>();

  public Repositories(Store store, GitFolder folder, Clock clock) {
    this.store = store;
    this.folder = folder;
    this.clock = clock;
    all = store.documents("repository", Repository.class);
  }

  public List<Repository> all() {
    return all.all();
  }

  public Optional<Repository> find(long id) {
    return all.find(new Key(0, id));
  }

  /// The one that has a name, or else had it last.
  public Optional<Repository> find(String owner, String name) {
    return first(repository -> repository.isNamed(owner, name))
        .or(() -> first(repository -> repository.wasNamed(owner, name)));
  }

  private Optional<Repository> first(Predicate<Repository> wanted) {
    return all.all().stream().filter(wanted).max(Comparator.comparing(Repository::updatedAt));
  }

  /// The one that a request's path names; who cannot see it is told that there is none.
  public Repository require(Call call) {
    String owner = call.parameter("owner");
    String name = call.parameter("repo");
    Repository found =
        find(owner, name)
            .filter(repository -> call.caller().sees(repository.id()))
            .orElseThrow(Refusals::notFound);
    if (!found.isNamed(owner, name)) {
      String[] segments = call.exchange().path().split("/repos/[^/]+/[^/]+", 2);
      throw call.moved("/repositories/" + found.id() + segments[1]);
    }
    return found;
  }

  /// As the other, for a request that changes something.
  ///
  /// @param permissions one of which an installation needs
  public Repository requireWritable(Call call, String... permissions) {
    Repository found = require(call);
    call.caller().require(true, permissions);
    if (found.archived()) {
      throw new RefusedException(403, "Repository was archived so is read-only.");
    }
    return found;
  }

  public GitRepository git(Repository repository) {
    return folder.of(repository.id());
  }

  /// Does something that nobody else does to the same repository meanwhile.
  public <T> T locked(long repository, Supplier<T> action) {
    ReentrantLock lock = locks.computeIfAbsent(repository, _ -> new ReentrantLock());
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  Repository create(String name, @Nullable String description, boolean isPrivate, boolean init) {
    Instant now = clock.instant();
    names.lock();
    try {
      requireFree(Account.OWNER.login(), name);
      Repository made =
          new Repository(
              store.nextId(),
              Account.OWNER.login(),
              name,
              List.of(),
              description,
              isPrivate,
              false,
              false,
              FIRST_BRANCH,
              now,
              now,
              now,
              null,
              null);
      GitRepository git = folder.create(made.id(), made.defaultBranch());
      if (init) {
        begin(git, name, description, now);
      }
      all.put(new Key(0, made.id()), made);
      return made;
    } finally {
      names.unlock();
    }
  }

  /// Makes a fork of one for an organization, which comes to be with its first: the same again is
  /// the one that is there.
  Repository fork(Repository of, String organization, String name) {
    Instant now = clock.instant();
    names.lock();
    try {
      Optional<Repository> present =
          all.all().stream()
              .filter(each -> Long.valueOf(of.id()).equals(each.parent()))
              .filter(each -> each.owner().equalsIgnoreCase(organization))
              .findFirst();
      if (present.isPresent()) {
        return present.get();
      }
      Account account = account(organization);
      requireFree(account.login(), name);
      Repository made =
          new Repository(
              store.nextId(),
              account.login(),
              name,
              List.of(),
              of.description(),
              of.isPrivate(),
              false,
              false,
              of.defaultBranch(),
              now,
              now,
              of.pushedAt(),
              account,
              of.id());
      GitRepository _ = folder.fork(made.id(), of.id(), made.defaultBranch());
      all.put(new Key(0, made.id()), made);
      return made;
    } finally {
      names.unlock();
    }
  }

  private Account account(String organization) {
    return all.all().stream()
        .map(Repository::holder)
        .filter(each -> each.login().equalsIgnoreCase(organization))
        .findFirst()
        .orElseGet(() -> new Account(organization, store.nextId(), "Organization"));
  }

  private static void begin(
      GitRepository git, String name, @Nullable String description, Instant now) {
    Commits commits = new Commits(git);
    String text = "# " + name + (description == null ? "" : "\n" + description);
    Signature signature = signature(Account.OWNER, now);
    String commit =
        commits.create(
            commits.treeOf("README.md", (text + "\n").getBytes(StandardCharsets.UTF_8)),
            List.of(),
            "Initial commit",
            signature,
            signature);
    if (!git.update(new RefUpdate("refs/heads/" + FIRST_BRANCH, RefUpdate.NONE, commit))) {
      throw new IllegalStateException("the first branch cannot be made");
    }
  }

  /// How commits are signed that are made here for somebody.
  public static Signature signature(Account account, Instant at) {
    return new Signature(
        account.login(), account.id() + "+" + account.login() + "@users.noreply.github.com", at);
  }

  private void requireFree(String owner, String name) {
    if (first(repository -> repository.isNamed(owner, name)).isPresent()) {
      throw Refusals.invalid("Repository", "name", "custom", "name already exists on this account");
    }
  }

  Repository rename(Repository repository, String to) {
    names.lock();
    try {
      if (!repository.isNamed(repository.owner(), to)) {
        requireFree(repository.owner(), to);
      }
      return change(repository, current -> current.renamed(to, clock.instant()));
    } finally {
      names.unlock();
    }
  }

  Repository change(Repository repository, UnaryOperator<Repository> how) {
    return locked(
        repository.id(),
        () -> {
          Key key = new Key(0, repository.id());
          Repository changed = how.apply(all.find(key).orElseThrow(Refusals::notFound));
          all.put(key, changed);
          return changed;
        });
  }

  /// Has a branch be the one that a clone begins with.
  public Repository makeDefault(Repository repository, String branch) {
    return change(
        repository,
        current -> {
          git(current).defaultBranch(branch);
          return current.withDefaultBranch(branch, clock.instant());
        });
  }

  /// Notes that references have changed.
  public Repository pushed(Repository repository) {
    return change(repository, current -> current.pushed(clock.instant()));
  }

  void delete(Repository repository) {
    boolean _ =
        locked(
            repository.id(),
            () -> {
              if (all.remove(new Key(0, repository.id()))) {
                store.removeOf(repository.id());
                folder.delete(repository.id());
              }
              return true;
            });
  }
}
