package dev.slipway.pr.pullrequest;

import java.util.Collection;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What is known of a repository, as far as it was loaded: the part that the facts at hand can
/// touch. Persistent maps, since one batch may change it hundreds of times.
///
/// @param names by full name
/// @param pullRequests by number
/// @param commits checks by commit
/// @param owners whom events are for; no part of what is known of it
@SuppressWarnings("ReferenceEquality") // of persistent maps: the same one means nothing was learned
public record Repository(
    PMap<String, RepositoryName> names,
    PMap<Long, PullRequest> pullRequests,
    PMap<String, PMap<Check.Key, Check>> commits,
    PMap<Comment.Key, Comment> comments,
    PMap<Long, WorkflowRun> runs,
    Owners owners) {
  /// Of which nothing is known.
  public static final Repository UNKNOWN =
      new Repository(
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          Owners.NONE);

  /// What was loaded of it.
  static Repository of(
      Collection<RepositoryName> names,
      Collection<PullRequest> pullRequests,
      Collection<Check> checks,
      Collection<Comment> comments,
      Collection<WorkflowRun> runs,
      Owners owners) {
    PMap<String, PMap<Check.Key, Check>> commits = HashTreePMap.empty();
    for (Check check : checks) {
      String sha = check.key().sha();
      commits =
          commits.plus(
              sha, commits.getOrDefault(sha, HashTreePMap.empty()).plus(check.key(), check));
    }
    return new Repository(
        map(names, RepositoryName::fullName),
        map(pullRequests, PullRequest::number),
        commits,
        map(comments, Comment::key),
        map(runs, WorkflowRun::id),
        owners);
  }

  private static <K, T> PMap<K, T> map(Collection<T> rows, Function<T, K> key) {
    PMap<K, T> map = HashTreePMap.empty();
    for (T row : rows) {
      map = map.plus(key.apply(row), row);
    }
    return map;
  }

  /// With what a fact says; this very object when it says nothing new.
  Repository with(Fact fact) {
    return switch (fact) {
      case Fact.Named(var name) ->
          withNames(joined(names, name.fullName(), name, RepositoryName::with));
      case Fact.Seen(var number, var snapshot) -> with(pullRequest(number).with(snapshot));
      case Fact.MergedAs(var number, var merge) -> with(pullRequest(number).with(merge));
      case Fact.Reviewed(var number, var review) -> with(pullRequest(number).with(review));
      case Fact.Commented(var comment) ->
          withComments(joined(comments, comment.key(), comment, Comment::with));
      case Fact.Checked(var check) -> with(check);
      case Fact.Ran(var run) -> withRuns(joined(runs, run.id(), run, WorkflowRun::with));
    };
  }

  /// With a pull request that has had so many events.
  Repository at(long number, long version) {
    return with(pullRequest(number).at(version));
  }

  PullRequest pullRequest(long number) {
    PullRequest known = pullRequests.get(number);
    return known == null ? PullRequest.unknown(number) : known;
  }

  /// The newest name.
  ///
  /// @return null when no fact named it
  @Nullable RepositoryName name() {
    return names.values().stream().max(RepositoryName.ORDER).orElse(null);
  }

  /// Whom a pull request is for.
  ///
  /// @param id the repository's
  @Nullable Owner owner(long id, Summary pullRequest) {
    return owners.of(id, pullRequest);
  }

  /// What the checks on a commit come to.
  Checks checks(@Nullable String sha) {
    return sha == null ? Checks.NONE : Checks.of(commit(sha).values());
  }

  /// The checks on a commit.
  PMap<Check.Key, Check> commit(String sha) {
    return commits.getOrDefault(sha, HashTreePMap.empty());
  }

  /// Pull requests whose head is the commit.
  Collection<Long> headedBy(String sha) {
    return pullRequests.values().stream()
        .filter(pullRequest -> sha.equals(pullRequest.headSha()))
        .map(PullRequest::number)
        .toList();
  }

  private Repository with(PullRequest next) {
    return next.equals(pullRequests.get(next.number()))
        ? this
        : new Repository(
            names, pullRequests.plus(next.number(), next), commits, comments, runs, owners);
  }

  private Repository with(Check check) {
    String sha = check.key().sha();
    PMap<Check.Key, Check> known = commit(sha);
    PMap<Check.Key, Check> next = joined(known, check.key(), check, Check::with);
    return next == known
        ? this
        : new Repository(names, pullRequests, commits.plus(sha, next), comments, runs, owners);
  }

  private Repository withNames(PMap<String, RepositoryName> next) {
    return next == names
        ? this
        : new Repository(next, pullRequests, commits, comments, runs, owners);
  }

  private Repository withComments(PMap<Comment.Key, Comment> next) {
    return next == comments
        ? this
        : new Repository(names, pullRequests, commits, next, runs, owners);
  }

  private Repository withRuns(PMap<Long, WorkflowRun> next) {
    return next == runs
        ? this
        : new Repository(names, pullRequests, commits, comments, next, owners);
  }

  private static <K, V> PMap<K, V> joined(PMap<K, V> map, K key, V value, BinaryOperator<V> join) {
    V known = map.get(key);
    V next = known == null ? value : join.apply(known, value);
    return next.equals(known) ? map : map.plus(key, next);
  }
}
