package dev.slipway.pr.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.RepositoryPath;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// What holds of the client on whatever speaks as GitHub does. It leaves no open pull request, no
/// branch and no webhook behind.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GitHubContract {
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final String TENANT = "default";

  // CONFINED: to the thread of the tests
  private @Nullable TestSite opened;
  private @Nullable GitHubApi api;

  /// Starts what is spoken to.
  abstract TestSite start();

  @BeforeAll
  void open() {
    opened = start();
    api = site().open();
  }

  @AfterAll
  void close() {
    client().close();
  }

  TestSite site() {
    if (opened == null) {
      throw new IllegalStateException("not started");
    }
    return opened;
  }

  private GitHubApi client() {
    if (api == null) {
      throw new IllegalStateException("not started");
    }
    return api;
  }

  private GitHubRepository repository() {
    return repository(client(), site().path());
  }

  private static GitHubRepository repository(GitHubApi of, RepositoryPath path) {
    return GitHub.over(of, CallBudget.UNLIMITED).repository(TENANT, path);
  }

  private static String newBranch() {
    return "contract-%d-%d".formatted(System.nanoTime(), COUNTER.incrementAndGet());
  }

  private void remove(String branch) {
    JsonNode _ =
        site().send("DELETE", "/repos/%s/git/refs/heads/%s".formatted(site().path(), branch), null);
  }

  private static GitHubException failure(ThrowingCallable call) {
    return catchThrowableOfType(GitHubException.class, call);
  }

  private NewPullRequest wanted(String head) {
    String base = repository().read().value().defaultBranch();
    return new NewPullRequest("Try " + head, head, base == null ? "" : base, "As tried.", true);
  }

  @Test
  void aRepositoryIsReadWithItsId() {
    Answer<RemoteRepository> answer = repository().read();

    assertThat(answer.value().fullName()).isEqualToIgnoringCase(site().path().toString());
    assertThat(answer.value().id()).isPositive();
    assertThat(answer.value().canPush()).isTrue();
    assertThat(answer.value().cloneUrl()).contains(site().path().name());
    assertThat(new String(answer.source().body(), UTF_8)).contains("\"full_name\"");
  }

  @Test
  void whatIsReadTwiceIsTheSame() {
    byte[] first = repository().read().source().body();

    byte[] second = repository().read().source().body();

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aPullRequestIsOpenedFoundByItsHeadCommentedLabelledAndClosed() throws InterruptedException {
    String head = newBranch();
    site().branchWithCommit(head);
    NewPullRequest wanted = wanted(head);

    RemotePullRequest made = repository().open(wanted, () -> {}).value();

    long repositoryId = repository().read().value().id();
    assertThat(made.isOpen()).isTrue();
    assertThat(made.title()).isEqualTo(wanted.title());
    assertThat(made.head().ref()).isEqualTo(head);
    assertThat(made.head().repositoryId()).isEqualTo(repositoryId);
    assertThat(made.base()).isEqualTo(new RemotePullRequest.Base(wanted.base(), repositoryId));
    assertThat(repository().pullRequestsOf(site().path().owner(), head))
        .extracting(RemotePullRequest::number)
        .containsExactly(made.number());
    repository().comment(made.number(), "Seen.");
    repository().label(made.number(), List.of("contract"));
    RemotePullRequest closed = repository().close(made.number()).value();
    assertThat(closed.isOpen()).isFalse();
    assertThat(closed.mergedAt()).isNull();
    Answer<RemotePullRequest> read = repository().pullRequest(made.number());
    assertThat(read.value().isOpen()).isFalse();
    assertThat(read.source().resource()).endsWith("/pulls/" + made.number());
    remove(head);
  }

  @Test
  void aSecondPullRequestOfAHeadExistsAlready() throws InterruptedException {
    String head = newBranch();
    site().branchWithCommit(head);
    RemotePullRequest first = repository().open(wanted(head), () -> {}).value();

    GitHubException second = failure(() -> repository().open(wanted(head), () -> {}));

    assertThat(second.code()).isEqualTo(FailureCode.ALREADY_EXISTS);
    assertThat(second.failure().retryable()).isFalse();
    var _ = repository().close(first.number());
    remove(head);
  }

  @Test
  void aHeadWithoutCommitsIsRefusedAsSuch() {
    String head = newBranch();
    site().branch(head);

    GitHubException refused = failure(() -> repository().open(wanted(head), () -> {}));

    assertThat(refused.code()).isEqualTo(FailureCode.NO_COMMITS_BETWEEN);
    remove(head);
  }

  @Test
  void aBaseThatIsNotThereIsRefusedAsSuch() {
    String head = newBranch();
    site().branchWithCommit(head);

    GitHubException refused =
        failure(() ->
            repository()
                .open(new NewPullRequest("No base", head, "no-such-base", "", false), () -> {}));

    assertThat(refused.code()).isEqualTo(FailureCode.BASE_NOT_FOUND);
    remove(head);
  }

  @Test
  void aHeadThatIsNotThereIsRefusedAsSuch() {
    GitHubException refused = failure(() -> repository().open(wanted("no-such-head"), () -> {}));

    assertThat(refused.code()).isEqualTo(FailureCode.HEAD_INVALID);
  }

  @Test
  void aBranchIsAtACommitAndAnotherIsNotThere() {
    String head = newBranch();
    site().branch(head);

    assertThat(repository().tip(head)).get().asString().matches("[0-9a-f]{40}");
    assertThat(repository().tip("no-such-branch")).isEmpty();
    assertThat(repository().tip("no/such/branch")).isEmpty();
    remove(head);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    GitHubException number = failure(() -> repository().pullRequest(999_999_999));
    GitHubException name =
        failure(() ->
            repository(client(), new RepositoryPath(site().path().owner(), "no-such-repository"))
                .read());

    assertThat(number.code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(name.code()).isEqualTo(FailureCode.NOT_FOUND);
    assertThat(name)
        .hasMessageContaining("no-such-repository")
        .hasMessageContaining("GITHUB_TOKEN");
  }

  @Test
  void aWrongTokenIsSaidToBeWrongAndNotShown() {
    String wrong = "ghp_" + "x".repeat(36);

    try (GitHubApi refused = site().open("token=" + wrong)) {
      GitHubException failure = failure(() -> repository(refused, site().path()).read());

      assertThat(failure.code()).isEqualTo(FailureCode.AUTH_FAILED);
      assertThat(failure).hasMessageContaining("GITHUB_TOKEN").hasMessageNotContaining(wrong);
    }
  }

  @Test
  void aWebhookIsMadeFoundAndChanged() {
    RepositoryHooks hooks =
        GitHub.over(client(), CallBudget.UNLIMITED).hooks(TENANT, site().path());
    String url = "http://127.0.0.1:9/%s".formatted(newBranch());
    Secret secret = new Secret("a-secret-of-the-hook");

    RemoteHook made = hooks.create(new HookSettings(url, secret, List.of("push")));

    assertThat(hooks.list()).contains(made);
    assertThat(made.url()).isEqualTo(url);
    assertThat(made.contentType()).isEqualTo("json");
    assertThat(made.hasSecret()).isTrue();
    assertThat(failure(() -> hooks.create(new HookSettings(url, secret, List.of("push")))).code())
        .isEqualTo(FailureCode.ALREADY_EXISTS);
    RemoteHook changed =
        hooks.update(made.id(), new HookSettings(url, secret, List.of("pull_request")));
    assertThat(changed.events()).containsExactly("pull_request");
    hooks.ping(made.id());
    JsonNode _ =
        site().send("DELETE", "/repos/%s/hooks/%d".formatted(site().path(), made.id()), null);
  }
}
