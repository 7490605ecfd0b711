package dev.slipway.pr.github;

import dev.slipway.pr.github.BudgetStore.Used;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Which GitHub it is, and how many pull requests it takes: for who asks for many.
@RestController
@Tag(name = "github", description = "What is asked of GitHub")
final class BudgetController {
  private static final String TOKEN = "token";

  private final BudgetStore store;
  private final GitHubProperties properties;

  BudgetController(BudgetStore store, GitHubProperties properties) {
    this.store = store;
    this.properties = properties;
  }

  /// @param gitUrl where its repositories are
  /// @param perMinute calls that create something people see; null for as many as there are
  /// @param perHour likewise
  /// @param usedMinute of them; null where each installation of an App has its own
  /// @param usedHour likewise
  record Answer(
      String gitUrl,
      @Nullable Integer perMinute,
      @Nullable Integer perHour,
      @Nullable Integer usedMinute,
      @Nullable Integer usedHour) {}

  @GetMapping("/api/v1/github/budget")
  @Operation(
      summary = "Which GitHub it is, and how many pull requests may be opened there in a while")
  Mono<Answer> budget(@AuthenticationPrincipal Caller caller) {
    if (properties.token() == null || !caller.tenant().equals(Caller.DEFAULT_TENANT)) {
      return Mono.just(answer(null));
    }
    return Mono.fromCallable(() -> answer(store.used(TOKEN)))
        .subscribeOn(Schedulers.boundedElastic());
  }

  private Answer answer(@Nullable Used used) {
    return new Answer(
        (properties.isPlain() ? "http://" : "https://") + properties.gitHost(),
        orNone(properties.budget().perMinute()),
        orNone(properties.budget().perHour()),
        used == null ? null : used.minute(),
        used == null ? null : used.hour());
  }

  private static @Nullable Integer orNone(int limit) {
    return limit == 0 ? null : limit;
  }
}
