package dev.slipway.pr.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What goes wrong on the way to GitHub, and what the App may do.
class GitHubFailuresIT {
  @TempDir static Path directory;

  // CONFINED: to the thread of the tests
  private static LocalSite local;

  @BeforeAll
  static void start() {
    local = LocalSite.start(directory);
  }

  @AfterAll
  static void close() {
    local.close();
  }

  private static GitHubRepository repository(GitHubApi api, TestSite site, CallBudget budget) {
    return GitHub.over(api, budget).repository("default", site.path());
  }

  private static GitHubFailure failure(ThrowingCallable call) {
    return catchThrowableOfType(GitHubException.class, call).failure();
  }

  private static NewPullRequest wanted() {
    return new NewPullRequest("Try", "topic", "main", "", false);
  }

  @Test
  void aCreationWhoseAnswerIsLostMayHaveHappenedAndIsFoundByItsHead() {
    TestSite site = local.with("lost");
    site.branchWithCommit("topic");
    try (GitHubApi api = site.open()) {
      GitHubRepository repository = repository(api, site, CallBudget.UNLIMITED);
      local.misbehave("POST /repos/*/*/pulls", "drop_answer", 0);

      GitHubFailure failure = failure(() -> repository.open(wanted(), () -> {}));

      assertThat(failure)
          .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
          .returns(true, GitHubFailure::retryable)
          .returns(true, GitHubFailure::mayHaveHappened);
      assertThat(repository.pullRequestsOf("slipway", "topic"))
          .extracting(RemotePullRequest::title)
          .containsExactly("Try");
    }
  }

  @Test
  void aServerThatDoesNotWorkIsTriedAgainLater() {
    TestSite site = local.with("down");
    try (GitHubApi api = site.open()) {
      GitHubRepository repository = repository(api, site, CallBudget.UNLIMITED);
      local.misbehave("GET /repos/*/*", "refuse", 502);

      GitHubFailure failure = failure(repository::read);

      assertThat(failure)
          .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
          .returns(true, GitHubFailure::retryable)
          .returns(false, GitHubFailure::mayHaveHappened);
      assertThat(repository.read().value().fullName()).isEqualTo("slipway/down");
    }
  }

  @Test
  void aLimitIsNotedForAllWhoSpeakWithTheSameCredential() {
    TestSite site = local.with("limited");
    List<String> noted = new ArrayList<>();
    CallBudget budget =
        new CallBudget() {
          @Override
          public void take(String caller, boolean creates) {
            noted.add("%s takes %s".formatted(caller, creates));
          }

          @Override
          public void rest(String caller, Duration wait) {
            noted.add("%s rests %s".formatted(caller, wait.isPositive()));
          }
        };
    try (GitHubApi api = site.open()) {
      GitHubRepository repository = repository(api, site, budget);
      local.misbehave("POST /repos/*/*/issues/*/comments", "limit", 429);

      GitHubFailure failure = failure(() -> repository.comment(1, "x"));

      assertThat(failure.code()).isEqualTo(FailureCode.RATE_LIMITED);
      assertThat(failure.retryAfter()).isPositive();
      assertThat(noted).containsExactly("token takes true", "token rests true");
    }
  }

  @Test
  void aRenamedRepositoryIsReadAndWrittenUnderItsFormerName() throws InterruptedException {
    TestSite site = local.with("former");
    site.branchWithCommit("topic");
    JsonNode _ = site.send("PATCH", "/repos/" + site.path(), Map.of("name", "latter"));
    try (GitHubApi api = site.open()) {
      GitHubRepository repository = repository(api, site, CallBudget.UNLIMITED);

      RemotePullRequest made = repository.open(wanted(), () -> {}).value();

      assertThat(repository.read().value().fullName()).isEqualTo("slipway/latter");
      assertThat(repository.pullRequest(made.number()).value().url()).contains("slipway/latter");
    }
  }

  @Test
  void theAppOpensAPullRequestInItsOwnName() throws InterruptedException {
    TestSite site = local.with("app");
    site.branchWithCommit("topic");
    try (GitHubApi api = site.open("token=", "app-id=1", "app-key-file=" + local.appKey())) {
      Answer<RemotePullRequest> made =
          repository(api, site, CallBudget.UNLIMITED).open(wanted(), () -> {});

      assertThat(made.value().isOpen()).isTrue();
      assertThat(
              site.send("GET", "/repos/slipway/app/pulls/" + made.value().number(), null)
                  .at("/user/login")
                  .asString())
          .isEqualTo("slipway-local[bot]");
    }
  }

  @Test
  void theAppsTokenIsGoodForTheOneRepositoryAlone() {
    TestSite site = local.with("mine");
    TestSite other = local.with("theirs");
    try (GitHubApi api = site.open("token=", "app-id=1", "app-key-file=" + local.appKey())) {
      String token = api.credentials().of("default", site.path()).token().orElseThrow().value();

      try (GitHubApi stolen = other.open("token=" + token)) {
        assertThat(failure(repository(stolen, other, CallBudget.UNLIMITED)::read).code())
            .isIn(FailureCode.NOT_FOUND, FailureCode.FORBIDDEN);
      }
    }
  }
}
