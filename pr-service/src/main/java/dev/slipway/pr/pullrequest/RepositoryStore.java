package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pipeline.stage.StateTable;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.pcollections.PMap;

/// Repositories as far as the facts at hand can touch them, a whole batch at once: a statement for
/// each table that the batch is about.
@SuppressWarnings("ReferenceEquality") // of persistent maps: the same one means nothing was learned
public final class RepositoryStore implements StateStore<Repository, Fact, PullRequestEvent> {

  @Override
  public Supplier<Loaded<Repository>> load(
      Flight flight, SortedMap<AggregateId, List<Fact>> facts) {
    lock(flight, facts.keySet().stream().map(RepositoryKey::of).toList());
    var wanted = new Wanted();
    facts.forEach((id, told) -> told.forEach(fact -> wanted.add(RepositoryKey.of(id), fact)));
    var names = RegisterStore.names(flight, wanted.repositories);
    var pullRequests = RegisterStore.pullRequests(flight, wanted.numbers, wanted.checkedCommits);
    wanted.heads.addAll(wanted.checkedCommits);
    var checks = RegisterStore.checks(flight, wanted.heads, wanted.numbers);
    var comments = RegisterStore.comments(flight, wanted.comments);
    var runs = RegisterStore.runs(flight, wanted.runs);
    var sandboxes =
        SandboxOwnerStore.read(
            flight, wanted.repositories, wanted.numbers, wanted.checkedCommits, wanted.names);
    var tasks = TaskOwnerStore.read(flight, wanted.numbers, wanted.checkedCommits, wanted.branches);
    return () -> {
      var namesOf = Owned.byRepository(names.get());
      var pullRequestsOf = Owned.byRepository(pullRequests.get());
      var checksOf = Owned.byRepository(checks.get());
      var commentsOf = Owned.byRepository(comments.get());
      var runsOf = Owned.byRepository(runs.get());
      var sandboxesOf = sandboxes.get();
      var tasksOf = tasks.get();
      Map<AggregateId, Stored<Repository>> repositories = new HashMap<>();
      for (AggregateId id : facts.keySet()) {
        RepositoryKey key = RepositoryKey.of(id);
        var repository =
            Repository.of(
                namesOf.getOrDefault(key, List.of()),
                pullRequestsOf.getOrDefault(key, List.of()),
                checksOf.getOrDefault(key, List.of()),
                commentsOf.getOrDefault(key, List.of()),
                runsOf.getOrDefault(key, List.of()),
                new Owners(
                    tasksOf.getOrDefault(key, Tasks.NONE),
                    sandboxesOf.getOrDefault(key, Sandboxes.NONE)));
        repositories.put(id, new Stored<>(repository, 0)); // versions are its pull requests'
      }
      return Loaded.of(repositories);
    };
  }

  /// A row each is there for nothing else: a repository may have no other yet, and thousands of
  /// advisory locks may fill Postgres's table of locks.
  private static void lock(Flight flight, Collection<RepositoryKey> repositories) {
    RowKeys keys = RegisterStore.REPOSITORY.keys(repositories);
    var _ =
        flight.update(
            """
            insert into repository (tenant, repository_id)
            select tenant, repository_id from %s order by tenant, repository_id
            on conflict do nothing
            """
                .formatted(keys.from()),
            keys.arrays().toArray());
    var _ =
        flight.query(
            """
            select count(*) as locked from (
              select r.tenant from repository r join %s using (tenant, repository_id)
              order by r.tenant, r.repository_id
              for update of r) as locks
            """
                .formatted(keys.from()),
            row -> Columns.required(row, "locked", Long.class),
            keys.arrays().toArray());
  }

  @Override
  public Runnable write(Flight flight, Collection<Change<Repository, PullRequestEvent>> changes) {
    var names = new ArrayList<Owned<RepositoryName>>();
    var pullRequests = new ArrayList<Owned<PullRequest>>();
    var checks = new ArrayList<Owned<Check>>();
    var comments = new ArrayList<Owned<Comment>>();
    var runs = new ArrayList<Owned<WorkflowRun>>();
    var timeline = new ArrayList<Owned<Numbered<Announced>>>();
    for (Change<Repository, PullRequestEvent> change : changes) {
      RepositoryKey key = RepositoryKey.of(change.id());
      Stored<Repository> stored = change.before();
      Repository before = stored == null ? Repository.UNKNOWN : stored.state();
      Repository after = change.after().state();
      differing(key, before.names(), after.names(), names);
      differing(key, before.pullRequests(), after.pullRequests(), pullRequests);
      after.commits().forEach((sha, known) -> differing(key, before.commit(sha), known, checks));
      differing(key, before.comments(), after.comments(), comments);
      differing(key, before.runs(), after.runs(), runs);
      for (Numbered<PullRequestEvent> event : change.events()) {
        if (event.event() instanceof Announced announced) {
          timeline.add(new Owned<>(key, PullRequestEvent.numbered(announced, event)));
        }
      }
    }
    RegisterStore.NAMES.put(flight, names);
    RegisterStore.PULL_REQUESTS.put(flight, pullRequests);
    RegisterStore.CHECKS.put(flight, checks);
    RegisterStore.COMMENTS.put(flight, comments);
    RegisterStore.RUNS.put(flight, runs);
    RegisterStore.TIMELINE.insert(flight, timeline);
    return () -> {}; // nobody else writes what is locked
  }

  private static <K, T> void differing(
      RepositoryKey repository, PMap<K, T> before, PMap<K, T> after, List<Owned<T>> rows) {
    if (before != after) {
      after.forEach((key, row) -> {
        if (!row.equals(before.get(key))) {
          rows.add(new Owned<>(repository, row));
        }
      });
    }
  }

  @Override
  public List<StateTable> tables() {
    return List.of(
        StateTable.of("repository_name"),
        new StateTable("pull_request", Set.of("version")),
        StateTable.of("commit_check"),
        StateTable.of("pull_request_comment"),
        StateTable.of("workflow_run"),
        new StateTable("pull_request_event", Set.of("version")));
  }

  /// What the facts can touch.
  private static final class Wanted {
    // CONFINED: to the call that loads
    private final Set<RepositoryKey> repositories = new LinkedHashSet<>();
    private final Set<Owned<Long>> numbers = new LinkedHashSet<>();

    /// Commits that facts say something of, and so of the pull requests they head.
    private final Set<Owned<String>> checkedCommits = new LinkedHashSet<>();

    /// Commits that pull requests are going to have as heads.
    private final Set<Owned<String>> heads = new LinkedHashSet<>();

    /// Branches that pull requests are going to have as heads.
    private final Set<Owned<String>> branches = new LinkedHashSet<>();

    private final Set<Owned<Comment.Key>> comments = new LinkedHashSet<>();
    private final Set<Owned<Long>> runs = new LinkedHashSet<>();
    private final Set<Owned<RepositoryName>> names = new LinkedHashSet<>();

    private void add(RepositoryKey key, Fact fact) {
      repositories.add(key);
      switch (fact) {
        case Fact.Named(var name) -> names.add(new Owned<>(key, name));
        case Fact.Seen(var number, var snapshot) -> {
          numbers.add(new Owned<>(key, number));
          heads.add(new Owned<>(key, snapshot.standing().headSha()));
          Long headRepository = snapshot.details().headRepositoryId();
          if (headRepository != null && headRepository == key.repositoryId()) {
            branches.add(new Owned<>(key, snapshot.details().headRef()));
          }
        }
        case Fact.MergedAs(var number, _) -> numbers.add(new Owned<>(key, number));
        case Fact.Reviewed(var number, _) -> numbers.add(new Owned<>(key, number));
        case Fact.Commented(var comment) -> comments.add(new Owned<>(key, comment.key()));
        case Fact.Checked(var check) -> checkedCommits.add(new Owned<>(key, check.key().sha()));
        case Fact.Ran(var run) -> runs.add(new Owned<>(key, run.id()));
      }
    }
  }
}
