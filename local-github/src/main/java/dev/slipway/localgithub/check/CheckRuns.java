package dev.slipway.localgithub.check;

import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// All check runs.
public final class CheckRuns {
  private final Documents<CheckRun> all;
  private final Store store;
  private final Repositories repositories;

  public CheckRuns(Store store, Repositories repositories) {
    this.store = store;
    this.repositories = repositories;
    all = store.documents("check-run", CheckRun.class);
  }

  /// The newest first.
  List<CheckRun> of(Repository repository, String sha) {
    return all.of(repository.id()).reversed().stream()
        .filter(run -> run.sha().equals(sha))
        .toList();
  }

  /// The newest of each name.
  List<CheckRun> newest(Repository repository, String sha) {
    Map<String, CheckRun> newest = new LinkedHashMap<>();
    of(repository, sha).forEach(run -> newest.putIfAbsent(run.name(), run));
    return List.copyOf(newest.values());
  }

  List<CheckRun> ofSuite(Repository repository, long suite) {
    return all.of(repository.id()).stream().filter(run -> run.suite() == suite).toList();
  }

  Optional<CheckRun> find(Repository repository, long id) {
    return all.find(new Key(repository.id(), id));
  }

  /// The names of those that went well, and of those that did not or are not over.
  public Map<String, Boolean> outcomes(Repository repository, String sha) {
    Map<String, Boolean> outcomes = new LinkedHashMap<>();
    newest(repository, sha)
        .forEach(run ->
            outcomes.put(
                run.name(),
                List.of("success", "neutral", "skipped")
                    .contains(Optional.ofNullable(run.conclusion()).orElse(""))));
    return outcomes;
  }

  /// Makes one of a run without ids.
  CheckRun create(Repository repository, CheckRun draft) {
    return repositories.locked(
        repository.id(),
        () -> {
          long suite =
              of(repository, draft.sha()).stream()
                  .findFirst()
                  .map(CheckRun::suite)
                  .orElseGet(store::nextId);
          CheckRun made =
              new CheckRun(
                  store.nextId(),
                  suite,
                  draft.name(),
                  draft.sha(),
                  draft.status(),
                  draft.conclusion(),
                  draft.detailsUrl(),
                  draft.externalId(),
                  draft.startedAt(),
                  draft.completedAt(),
                  draft.title(),
                  draft.summary(),
                  draft.text());
          all.put(new Key(repository.id(), made.id()), made);
          return made;
        });
  }

  CheckRun change(Repository repository, CheckRun run, UnaryOperator<CheckRun> how) {
    return repositories.locked(
        repository.id(),
        () -> {
          Key key = new Key(repository.id(), run.id());
          CheckRun changed = how.apply(all.find(key).orElse(run));
          all.put(key, changed);
          return changed;
        });
  }
}
