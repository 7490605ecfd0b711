package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import dev.slipway.web.github.Credential;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.Received;
import dev.slipway.web.github.RepositoryPath;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Calls of one tenant about one repository: each with the credential of that moment.
final class Calls {
  /// Thousands of things, and an end for a server that names pages for ever.
  private static final int MOST_PAGES = 50;

  private final GitHubApi api;
  private final CallBudget budget;
  private final String tenant;
  private final RepositoryPath path;

  Calls(GitHubApi api, CallBudget budget, String tenant, RepositoryPath path) {
    this.api = api;
    this.budget = budget;
    this.tenant = tenant;
    this.path = path;
  }

  Received read(Function<Credential, Received> route) {
    return make(credential(), route);
  }

  /// Reads what may not be there.
  Optional<Received> find(Function<Credential, Received> route) {
    try {
      return Optional.of(read(route));
    } catch (GitHubException e) {
      if (e.code() == FailureCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Reads a list, page by page as GitHub links them.
  <T> List<T> list(
      GitHubRoutes routes, Function<Credential, Received> first, Function<AnswerJson, T> item) {
    Received page = read(first);
    var all = new ArrayList<>(AnswerJson.of(page).items().map(item).toList());
    Optional<URI> next = page.next();
    for (int pages = 1; next.isPresent(); pages++) {
      if (pages == MOST_PAGES) {
        throw endless(page);
      }
      URI uri = next.get();
      page = read(as -> routes.page(as, uri));
      all.addAll(AnswerJson.of(page).items().map(item).toList());
      next = page.next();
    }
    return List.copyOf(all);
  }

  private static GitHubException endless(Received page) {
    return new GitHubException(
        new GitHubFailure(
            FailureCode.TOO_LARGE,
            "%s: the list has more than %d pages".formatted(page.route(), MOST_PAGES),
            false,
            Duration.ZERO,
            false));
  }

  Received write(Function<Credential, Received> route) {
    return write(false, route);
  }

  /// Makes something that people see.
  Received create(Function<Credential, Received> route) {
    return write(true, route);
  }

  /// Makes something that people see.
  ///
  /// @param last done once there is a credential and a call of the budget
  Received create(Function<Credential, Received> route, GitHubRepository.LastWord last)
      throws InterruptedException {
    Credential as = credential();
    budget.take(as.name(), true);
    last.say();
    return make(as, route);
  }

  private Received write(boolean creates, Function<Credential, Received> route) {
    Credential as = credential();
    budget.take(as.name(), creates);
    return make(as, route);
  }

  /// Sees again whether the tenant may speak to it, by the name that an answer gives it.
  void recheck(String fullName) {
    api.credentials().recheck(tenant, fullName);
  }

  private Credential credential() {
    return api.credentials().of(tenant, path);
  }

  private Received make(Credential as, Function<Credential, Received> route) {
    try {
      return route.apply(as);
    } catch (GitHubException e) {
      if (e.code() == FailureCode.RATE_LIMITED) {
        budget.rest(as.name(), e.failure().retryAfter());
      }
      throw e;
    }
  }
}
