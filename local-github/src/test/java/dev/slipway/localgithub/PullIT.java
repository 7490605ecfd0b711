package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pull requests, from their opening to their end.
class PullIT {
  @TempDir static Path folder;
  private static TestGitHub github;

  @BeforeAll
  static void start() {
    github = TestGitHub.start(folder);
  }

  @AfterAll
  static void close() {
    github.close();
  }

  /// A repository of which a branch is pushed.
  private static Path repository(String name, String branch) {
    github.repository(name);
    Path clone = github.cloned(name);
    Ended _ = github.push(clone, branch, branch + ".txt", "one\n").ok();
    return clone;
  }

  private static Answer open(String repository, String head) {
    return github.post(
        "/repos/slipway/" + repository + "/pulls",
        "{\"title\":\"Change\",\"head\":\"%s\",\"base\":\"main\",\"body\":\"Why\"}"
            .formatted(head));
  }

  private static String pull(String repository, int number) {
    return "/repos/slipway/" + repository + "/pulls/" + number;
  }

  @Test
  void oneIsOpenedOnceAndFoundByItsHead() {
    Path clone = repository("opened", "work");

    Answer opened = open("opened", "work").is(201);

    assertThat(opened.json().path("number").asInt()).isEqualTo(1);
    assertThat(opened.text("/head/label")).isEqualTo("slipway:work");
    assertThat(opened.json().path("mergeable").isNull()).isTrue();
    assertThat(opened.text("/mergeable_state")).isEqualTo("unknown");
    assertThat(open("opened", "slipway:work").is(422).json().path("errors").toString())
        .isEqualTo(
            "[{\"resource\":\"PullRequest\",\"code\":\"custom\","
                + "\"message\":\"A pull request already exists for slipway:work.\"}]");
    Ended _ = github.push(clone, "other", "other.txt", "one\n").ok();
    Answer _ = open("opened", "other").is(201);
    assertThat(numbers("opened", "head=slipway:work&state=all")).containsExactly(1);
    // a name alone is ignored without a word
    assertThat(numbers("opened", "head=work")).containsExactly(2, 1);
    assertThat(numbers("opened", "sort=updated&direction=asc")).containsExactly(1, 2);
    assertThat(github.get(pull("opened", 1)).json().path("mergeable").isNull()).isTrue();
    Answer looked = github.get(pull("opened", 1)).is(200);
    assertThat(looked.json().path("mergeable").asBoolean()).isTrue();
    assertThat(looked.text("/mergeable_state")).isEqualTo("clean");
    assertThat(github.git(clone, "ls-remote", "origin", "refs/pull/1/*").ok().out())
        .contains("refs/pull/1/head")
        .contains(looked.text("/merge_commit_sha") + "\trefs/pull/1/merge");
    assertThat(github.get(pull("opened", 1) + "/files").is(200).json().toString())
        .contains("\"filename\":\"work.txt\"", "\"status\":\"added\"", "+one");
    assertThat(github.get(pull("opened", 1) + "/commits").is(200).text("/0/commit/message"))
        .isEqualTo("Change work.txt");
    // the other branch was made from this one
    assertThat(
            github
                .get("/repos/slipway/opened/commits/" + opened.text("/head/sha") + "/pulls")
                .is(200)
                .json())
        .hasSize(2);
  }

  private static List<Integer> numbers(String repository, String query) {
    return github
        .get("/repos/slipway/" + repository + "/pulls?" + query)
        .is(200)
        .json()
        .valueStream()
        .map(pull -> pull.path("number").asInt())
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"title\":\"x\",\"head\":\"none\",\"base\":\"main\"}|/errors/0/field|head",
        "{\"title\":\"x\",\"head\":\"stranger:work\",\"base\":\"main\"}|/errors/0/field|head",
        "{\"title\":\"x\",\"head\":\"work\",\"base\":\"none\"}|/errors/0/field|base",
        "{\"title\":\"x\",\"head\":\"same\",\"base\":\"main\"}|/errors/0/message|No commits"
            + " between main and same",
        "{\"head\":\"work\",\"base\":\"main\"}|/errors/0/code|missing_field",
      })
  void whatCannotBeOneIsRefusedInGitHubsWords(String body, String at, String said) {
    if (github.get("/repos/slipway/refused").status() == 404) {
      Path clone = repository("refused", "work");
      Ended _ = github.git(clone, "push", "origin", "origin/main:refs/heads/same").ok();
    }

    Answer refused = github.post("/repos/slipway/refused/pulls", body).is(422);

    assertThat(refused.text(at)).isEqualTo(said);
  }

  @Test
  void itFollowsItsHeadAndItsBase() {
    Path clone = repository("followed", "work");
    String first = open("followed", "work").is(201).text("/head/sha");

    Ended _ = github.push(clone, "work", "more.txt", "two\n").ok();

    Answer moved = github.get(pull("followed", 1)).is(200);
    assertThat(moved.text("/head/sha")).isNotEqualTo(first);
    assertThat(moved.json().path("commits").asInt()).isEqualTo(2);
    Ended _ = github.git(clone, "push", "origin", "HEAD:refs/heads/main").ok();
    Answer merged = github.get(pull("followed", 1)).is(200);
    assertThat(merged.text("/state")).isEqualTo("closed");
    assertThat(merged.json().path("merged").asBoolean()).isTrue();
    assertThat(merged.text("/merge_commit_sha")).isEqualTo(merged.text("/head/sha"));
    Answer _ = github.get(pull("followed", 1) + "/merge").is(204);
  }

  @Test
  void withoutItsHeadItIsClosedAndCannotBeReopened() {
    Path clone = repository("closed", "work");
    Answer _ = open("closed", "work").is(201);
    String state = "{\"state\":\"%s\"}";
    assertThat(github.send("PATCH", pull("closed", 1), state.formatted("closed")).is(200))
        .satisfies(answer -> assertThat(answer.text("/closed_at")).isNotEmpty());
    assertThat(github.send("PATCH", pull("closed", 1), state.formatted("open")).is(200))
        .satisfies(answer -> assertThat(answer.text("/state")).isEqualTo("open"));

    Ended _ = github.git(clone, "push", "origin", ":work").ok();

    assertThat(github.get(pull("closed", 1)).text("/state")).isEqualTo("closed");
    assertThat(
            github
                .send("PATCH", pull("closed", 1), state.formatted("open"))
                .is(422)
                .text("/errors/0/message"))
        .isEqualTo("state cannot be changed. The work branch has been deleted.");
    assertThat(github.git(clone, "ls-remote", "origin", "refs/pull/1/head").ok().out())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "merge,4,Merge pull request #1 from slipway/work",
    "squash,3,Change (#1)",
    "rebase,3,Change work.txt"
  })
  void itIsMergedOnceInEachWay(String method, int commits, String message) {
    String name = "merged-" + method;
    Path clone = repository(name, "work");
    String head = open(name, "work").is(201).text("/head/sha");
    Ended _ = github.git(clone, "checkout", "-q", "origin/main").ok();
    Ended _ = github.push(clone, "main", "meanwhile.txt", "other\n").ok();
    assertThat(merge(name, "{\"sha\":\"" + "0".repeat(40) + "\"}").is(409).text("/message"))
        .isEqualTo("Head branch was modified. Review and try the merge again.");

    Answer merged =
        merge(name, "{\"merge_method\":\"%s\",\"sha\":\"%s\"}".formatted(method, head)).is(200);

    String sha = merged.text("/sha");
    Answer pull = github.get(pull(name, 1)).is(200);
    assertThat(pull.json().path("merged").asBoolean()).isTrue();
    assertThat(pull.text("/merge_commit_sha")).isEqualTo(sha);
    assertThat(pull.text("/merged_by/login")).isEqualTo("slipway");
    assertThat(merge(name, "").is(405).text("/message")).isEqualTo("Pull Request is not mergeable");
    Ended _ = github.git(clone, "fetch", "-q", "origin").ok();
    assertThat(github.git(clone, "log", "-1", "--format=%s", "origin/main").ok().out().strip())
        .isEqualTo(message);
    assertThat(github.git(clone, "rev-list", "--count", "origin/main").ok().out().strip())
        .isEqualTo(Integer.toString(commits));
    assertThat(github.git(clone, "ls-tree", "--name-only", "origin/main").ok().out())
        .isEqualTo("README.md\nmeanwhile.txt\nwork.txt\n");
  }

  private static Answer merge(String repository, String body) {
    return github.send("PUT", pull(repository, 1) + "/merge", body);
  }

  @Test
  void whatHasConflictsOrIsADraftOrIsNotApprovedIsNotMerged() {
    Path clone = repository("conflicts", "work");
    Ended _ = github.push(clone, "work", "README.md", "mine\n").ok();
    Answer _ = open("conflicts", "work").is(201);
    Ended _ = github.git(clone, "checkout", "-q", "origin/main").ok();
    Ended _ = github.push(clone, "main", "README.md", "theirs\n").ok();

    assertThat(merge("conflicts", "").is(405).text("/message"))
        .isEqualTo("Pull Request is not mergeable");
    assertThat(
            github
                .send("PUT", pull("conflicts", 1) + "/merge", "{\"merge_method\":\"rebase\"}")
                .status())
        .isEqualTo(405);
    Answer _ = github.get(pull("conflicts", 1));
    assertThat(github.get(pull("conflicts", 1)).text("/mergeable_state")).isEqualTo("dirty");

    Path other = repository("guarded", "work");
    Answer _ = open("guarded", "work").is(201);
    Answer _ =
        github
            .send(
                "PUT",
                "/repos/slipway/guarded/branches/main/protection",
                """
                {"required_status_checks":null,"enforce_admins":null,"restrictions":null,
                 "required_pull_request_reviews":{"required_approving_review_count":1}}
                """)
            .is(200);
    assertThat(merge("guarded", "").is(405).text("/message"))
        .isEqualTo("At least 1 approving review is required by reviewers with write access.");
    assertThat(other).exists();
  }

  @Test
  void itIsEditedAndMovedOntoAnotherBase() {
    Path clone = repository("edited", "work");
    Answer _ = open("edited", "work").is(201);
    Ended _ = github.git(clone, "push", "origin", "origin/main:refs/heads/next").ok();

    Answer edited =
        github
            .send("PATCH", pull("edited", 1), "{\"title\":\"New\",\"body\":null,\"base\":\"next\"}")
            .is(200);

    assertThat(edited.text("/title")).isEqualTo("New");
    assertThat(edited.json().path("body").isNull()).isTrue();
    assertThat(edited.text("/base/ref")).isEqualTo("next");
    assertThat(
            github
                .send("PATCH", pull("edited", 1), "{\"base\":\"none\"}")
                .is(422)
                .text("/errors/0/message"))
        .isEqualTo("Proposed base branch 'none' was not found");
    Ended _ = github.git(clone, "checkout", "-q", "origin/main").ok();
    Ended _ = github.push(clone, "next", "meanwhile.txt", "other\n").ok();
    assertThat(
            github
                .send(
                    "PUT",
                    pull("edited", 1) + "/update-branch",
                    "{\"expected_head_sha\":\"" + "0".repeat(40) + "\"}")
                .is(422)
                .text("/message"))
        .isEqualTo("expected head sha didn’t match current head ref.");
    Answer _ = github.send("PUT", pull("edited", 1) + "/update-branch", "{}").is(202);
    assertThat(github.get(pull("edited", 1)).json().path("changed_files").asInt()).isEqualTo(1);
  }

  @Test
  void fiftyAtOnceGetFiftyNumbersAndEachHeadHasOne() throws Exception {
    Path clone = repository("crowd", "work-0");
    String sha = github.git(clone, "rev-parse", "HEAD").ok().out().strip();
    for (int i = 1; i < 25; i++) {
      Answer _ =
          github
              .post(
                  "/repos/slipway/crowd/git/refs",
                  "{\"ref\":\"refs/heads/work-%d\",\"sha\":\"%s\"}".formatted(i, sha))
              .is(201);
    }
    List<Integer> statuses;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      statuses =
          threads
              .invokeAll(
                  IntStream.range(0, 50)
                      .<Callable<Integer>>mapToObj(
                          i -> () -> open("crowd", "work-" + i % 25).status())
                      .toList())
              .stream()
              .map(Future::resultNow)
              .toList();
    }

    assertThat(statuses).containsOnly(201, 422);
    assertThat(numbers("crowd", "per_page=100&direction=asc&sort=created"))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 25).boxed().toList());
  }

  @Test
  void whatAKilledProcessDidToABranchIsCaughtUpWith(@TempDir Path other) {
    String sha;
    try (TestGitHub before = TestGitHub.start(other)) {
      before.repository("kept");
      Path clone = before.cloned("kept");
      Ended _ = before.push(clone, "work", "a.txt", "one\n").ok();
      Answer _ =
          before
              .post(
                  "/repos/slipway/kept/pulls",
                  "{\"title\":\"x\",\"head\":\"work\",\"base\":\"main\"}")
              .is(201);
      sha = before.git(clone, "rev-parse", "HEAD").ok().out().strip();
      long id = before.get("/repos/slipway/kept").json().path("id").asLong();
      // as if it had ended between git's reference and the pull request
      Ended _ =
          before
              .git(
                  other.resolve("github/repositories/" + id + ".git"),
                  "update-ref",
                  "refs/heads/main",
                  sha)
              .ok();
    }
    try (TestGitHub after = TestGitHub.start(other)) {
      Answer pull = after.get("/repos/slipway/kept/pulls/1").is(200);

      assertThat(pull.json().path("merged").asBoolean()).isTrue();
      assertThat(pull.text("/merge_commit_sha")).isEqualTo(sha);
    }
  }
}
