package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pipeline.stage.StateStore.Change;
import dev.slipway.pipeline.stage.StateTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.pcollections.PMap;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Repositories as far as the facts at hand can touch them, a whole batch at once: a statement for
/// each table that the batch is about.
@SuppressWarnings("ReferenceEquality") // of persistent maps: the same one means nothing was learned
public final class RepositoryStore {
  private RepositoryStore() {}

  /// What it writes.
  public static List<StateTable> tables() {
    return List.of(
        StateTable.of("repository_name"),
        new StateTable("pull_request", Set.of("version")),
        StateTable.of("commit_check"),
        StateTable.of("pull_request_comment"),
        StateTable.of("workflow_run"),
        new StateTable("pull_request_event", Set.of("version")));
  }

  /// Reads and locks until the transaction ends.
  ///
  /// @param facts what is going to be learned
  /// @return one for every key
  public static Mono<Map<RepositoryKey, Repository>> lock(
      DatabaseClient client, SortedMap<RepositoryKey, List<Fact>> facts) {
    Wanted wanted = Wanted.of(facts);
    return advisoryLock(client, facts.keySet())
        .then(ifAny(wanted.repositories, rows -> RepositoryNameStore.read(client, rows)))
        .flatMap(names ->
            pullRequests(client, wanted)
                .flatMap(pullRequests ->
                    ifAny(wanted.commitsWith(pullRequests), rows -> CheckStore.read(client, rows))
                        .flatMap(checks ->
                            rest(
                                client,
                                facts.keySet(),
                                wanted,
                                new Loaded(names, pullRequests, checks)))));
  }

  /// Writes what differs: a statement for each table, whether or not it has rows to write, so that
  /// together they are always the same.
  public static List<Write> write(Map<RepositoryKey, Change<Repository>> changes) {
    var names = new ArrayList<Owned<RepositoryName>>();
    var pullRequests = new ArrayList<Owned<PullRequest>>();
    var checks = new ArrayList<Owned<Check>>();
    var comments = new ArrayList<Owned<Comment>>();
    var runs = new ArrayList<Owned<WorkflowRun>>();
    var events = new ArrayList<Owned<PullRequestEvent.Announced>>();
    changes.forEach((key, change) -> {
      Repository before = change.before();
      Repository after = change.after();
      differing(key, before.names(), after.names(), names);
      differing(key, before.pullRequests(), after.pullRequests(), pullRequests);
      after.commits().forEach((sha, known) -> differing(key, before.commit(sha), known, checks));
      differing(key, before.comments(), after.comments(), comments);
      differing(key, before.runs(), after.runs(), runs);
      after.announced().forEach(event -> events.add(new Owned<>(key, event)));
    });
    return List.of(
        RepositoryNameStore.write(names),
        PullRequestStore.write(pullRequests),
        CheckStore.write(checks),
        CommentStore.write(comments),
        WorkflowRunStore.write(runs),
        TimelineStore.write(events));
  }

  /// A repository may have no row yet that could be locked.
  private static Mono<Void> advisoryLock(DatabaseClient client, Set<RepositoryKey> keys) {
    return client
        .sql(
            """
            select pg_advisory_xact_lock(hash) from (
              select distinct hashtextextended(current_schema() || ' ' || id || ' ' || tenant, 0) as hash
              from unnest($1::text[], $2::bigint[]) as k (tenant, id) order by hash) as sorted
            """)
        .bind(0, Columns.of(keys, RepositoryKey::tenant, String[]::new))
        .bind(1, Columns.of(keys, RepositoryKey::repositoryId, Long[]::new))
        .then();
  }

  private static Mono<List<Owned<PullRequest>>> pullRequests(DatabaseClient client, Wanted wanted) {
    return ifAny(wanted.numbers, rows -> PullRequestStore.read(client, rows))
        .flatMap(numbered ->
            ifAny(wanted.checkedCommits, rows -> PullRequestStore.readHeadedBy(client, rows))
                .map(headed -> {
                  var all = new LinkedHashSet<>(numbered);
                  all.addAll(headed);
                  return List.copyOf(all);
                }));
  }

  private static Mono<Map<RepositoryKey, Repository>> rest(
      DatabaseClient client, Set<RepositoryKey> keys, Wanted wanted, Loaded loaded) {
    return ifAny(wanted.comments, rows -> CommentStore.read(client, rows))
        .flatMap(comments ->
            ifAny(wanted.runs, rows -> WorkflowRunStore.read(client, rows))
                .map(runs -> repositories(keys, loaded, comments, runs)));
  }

  private static Map<RepositoryKey, Repository> repositories(
      Set<RepositoryKey> keys,
      Loaded loaded,
      List<Owned<Comment>> comments,
      List<Owned<WorkflowRun>> runs) {
    var names = Owned.byRepository(loaded.names);
    var pullRequests = Owned.byRepository(loaded.pullRequests);
    var checks = Owned.byRepository(loaded.checks);
    var commentsOf = Owned.byRepository(comments);
    var runsOf = Owned.byRepository(runs);
    Map<RepositoryKey, Repository> repositories = new HashMap<>();
    for (RepositoryKey key : keys) {
      repositories.put(
          key,
          Repository.of(
              names.getOrDefault(key, List.of()),
              pullRequests.getOrDefault(key, List.of()),
              checks.getOrDefault(key, List.of()),
              commentsOf.getOrDefault(key, List.of()),
              runsOf.getOrDefault(key, List.of())));
    }
    return repositories;
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

  private static <W, T> Mono<List<Owned<T>>> ifAny(
      Collection<Owned<W>> wanted, Function<Collection<Owned<W>>, Mono<List<Owned<T>>>> read) {
    return wanted.isEmpty() ? Mono.just(List.of()) : read.apply(wanted);
  }

  private record Loaded(
      List<Owned<RepositoryName>> names,
      List<Owned<PullRequest>> pullRequests,
      List<Owned<Check>> checks) {}

  /// What the facts can touch.
  ///
  /// @param numbers of pull requests
  /// @param checkedCommits that facts say something of, and so of the pull requests they head
  /// @param heads that pull requests are going to have
  private record Wanted(
      Set<Owned<RepositoryKey>> repositories,
      Set<Owned<Long>> numbers,
      Set<Owned<String>> checkedCommits,
      Set<Owned<String>> heads,
      Set<Owned<Comment.Key>> comments,
      Set<Owned<Long>> runs) {

    static Wanted of(SortedMap<RepositoryKey, List<Fact>> facts) {
      var wanted =
          new Wanted(
              new LinkedHashSet<>(),
              new LinkedHashSet<>(),
              new LinkedHashSet<>(),
              new LinkedHashSet<>(),
              new LinkedHashSet<>(),
              new LinkedHashSet<>());
      facts.forEach((key, told) -> told.forEach(fact -> wanted.add(key, fact)));
      return wanted;
    }

    private void add(RepositoryKey key, Fact fact) {
      repositories.add(new Owned<>(key, key));
      switch (fact) {
        case Fact.Named _ -> {}
        case Fact.Seen(var number, var snapshot) -> {
          numbers.add(new Owned<>(key, number));
          heads.add(new Owned<>(key, snapshot.standing().headSha()));
        }
        case Fact.MergedAs(var number, _) -> numbers.add(new Owned<>(key, number));
        case Fact.Reviewed(var number, _) -> numbers.add(new Owned<>(key, number));
        case Fact.Commented(var comment) -> comments.add(new Owned<>(key, comment.key()));
        case Fact.Checked(var check) -> checkedCommits.add(new Owned<>(key, check.key().sha()));
        case Fact.Ran(var run) -> runs.add(new Owned<>(key, run.id()));
      }
    }

    Collection<Owned<String>> commitsWith(List<Owned<PullRequest>> pullRequests) {
      var commits = new LinkedHashSet<>(checkedCommits);
      commits.addAll(heads);
      pullRequests.forEach(owned -> {
        String sha = owned.row().headSha();
        if (sha != null) {
          commits.add(new Owned<>(owned.repository(), sha));
        }
      });
      return commits;
    }
  }
}
