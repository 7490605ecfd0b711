package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/// All pull requests, by repository and number.
public final class PullRequests {
  private final Documents<PullRequest> all;
  private final Repositories repositories;

  public PullRequests(Store store, Repositories repositories) {
    this.repositories = repositories;
    all = store.documents("pull-request", PullRequest.class);
  }

  public List<PullRequest> of(Repository repository) {
    return all.of(repository.id());
  }

  public List<PullRequest> openOf(Repository repository) {
    return of(repository).stream().filter(PullRequest::isOpen).toList();
  }

  public Optional<PullRequest> find(Repository repository, long number) {
    return all.find(new Key(repository.id(), number));
  }

  /// The one that a request's path names.
  public PullRequest require(Repository repository, Call call) {
    return find(repository, call.number("number")).orElseThrow(Refusals::notFound);
  }

  /// Adds one with the next number; numbers have no gaps and no twins.
  PullRequest add(Repository repository, LongFunction<PullRequest> maker) {
    return repositories.locked(
        repository.id(),
        () -> {
          List<PullRequest> present = of(repository);
          long number = present.isEmpty() ? 1 : present.getLast().number() + 1;
          PullRequest made = maker.apply(number);
          all.put(new Key(repository.id(), number), made);
          return made;
        });
  }

  /// Changes what is there now, which may be another than the caller has seen.
  PullRequest change(PullRequest pull, UnaryOperator<PullRequest> how) {
    Key key = new Key(pull.identity().repository(), pull.number());
    return repositories.locked(
        key.repository(),
        () -> {
          PullRequest changed = how.apply(all.find(key).orElseThrow(Refusals::notFound));
          all.put(key, changed);
          return changed;
        });
  }

  /// Notes that something was said about one.
  public PullRequest touch(PullRequest pull, Instant now) {
    return change(pull, current -> current.touched(now));
  }
}
