package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What all answers have in common, and repositories and references.
class RestIT {
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

  @Test
  void everyPathAsksForTheTokenAndErrorsAreGitHubs() {
    assertThat(github.sendAs("", "GET", "/nothing", "").is(401).json().toString())
        .isEqualTo(
            "{\"message\":\"Requires authentication\","
                + "\"documentation_url\":\"https://docs.github.com/rest\",\"status\":\"401\"}");
    assertThat(message(github.sendAs("wrong", "GET", "/user/repos", "").is(401)))
        .isEqualTo("Bad credentials");
    assertThat(message(github.get("/nothing").is(404))).isEqualTo("Not Found");
    assertThat(message(github.send("DELETE", "/user/repos", "").is(404))).isEqualTo("Not Found");
    assertThat(message(github.post("/user/repos", "{").is(400))).isEqualTo("Problems parsing JSON");
    assertThat(message(github.post("/user/repos", "{}").is(422)))
        .isEqualTo("Invalid request.\n\n\"name\" wasn't supplied.");
    assertThat(github.get("/user/repos", "X-GitHub-Api-Version", "1999-01-01").status())
        .isEqualTo(400);
  }

  @Test
  void anAnswerThatIsKnownIsNotSentAgainNorCounted() {
    github.repository("known");
    Answer first = github.get("/repos/slipway/known").is(200);
    String left = first.header("x-ratelimit-remaining");

    Answer again = github.get("/repos/slipway/known", "If-None-Match", first.header("ETag"));

    assertThat(again.is(304).response().body()).isEmpty();
    assertThat(again.header("x-ratelimit-remaining")).isEqualTo(left);
    assertThat(first.header("X-GitHub-Request-Id")).isNotEmpty();
    Answer _ = github.send("PATCH", "/repos/slipway/known", "{\"description\":\"new\"}").is(200);
    assertThat(github.get("/repos/slipway/known", "If-None-Match", first.header("ETag")).status())
        .isEqualTo(200);
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeAgain(@TempDir Path other) {
    try (TestGitHub strict = TestGitHub.start(other, 2)) {
      Answer _ = strict.get("/user/repos").is(200);
      Answer _ = strict.get("/user/repos").is(200);

      Answer refused = strict.get("/user/repos").is(403);

      assertThat(refused.header("x-ratelimit-remaining")).isEqualTo("0");
      assertThat(refused.header("x-ratelimit-reset")).matches("\\d+");
      assertThat(message(refused)).startsWith("API rate limit exceeded");
      assertThat(strict.get("/rate_limit").is(200).json().at("/rate/remaining").asInt()).isZero();
    }
  }

  @Test
  void faultsAndCallsAreAboutThePathsOfTheApi() {
    github.repository("faulty");
    control(
        "{\"match\":\"GET /repos/*/faulty\",\"kind\":\"limit\",\"times\":1,\"delay_ms\":2000},"
            + "{\"match\":\"GET /repos/*/faulty\",\"kind\":\"limit\",\"status\":403,\"times\":1}");

    Answer secondary = github.get("/repos/slipway/faulty").is(429);
    Answer primary = github.get("/repos/slipway/faulty").is(403);

    assertThat(secondary.header("Retry-After")).isEqualTo("2");
    assertThat(message(secondary)).startsWith("You have exceeded a secondary rate limit");
    assertThat(primary.header("x-ratelimit-remaining")).isEqualTo("0");
    Answer calls =
        github.sendTo(github.url().resolve("/_slipway/calls"), "GET", "", TestGitHub.TOKEN);
    assertThat(calls.is(200).json().path("GET /repos/{owner}/{repo}").asInt())
        .isGreaterThanOrEqualTo(2);
    assertThat(github.sendTo(github.url().resolve("/_slipway/calls"), "GET", "", "wrong").status())
        .isEqualTo(401);
  }

  private static void control(String rules) {
    Answer _ =
        github
            .sendTo(
                github.url().resolve("/_slipway/faults"),
                "PUT",
                "{\"rules\":[" + rules + "]}",
                TestGitHub.TOKEN)
            .is(204);
  }

  @Test
  void repositoriesAndReferencesAreCheckedAndPaged() {
    github.repository("paged");
    assertThat(github.post("/user/repos", "{\"name\":\"Paged\"}").is(422).text("/errors/0/message"))
        .isEqualTo("name already exists on this account");
    String sha =
        github
            .get("/repos/slipway/paged/git/ref/heads/main")
            .is(200)
            .json()
            .at("/object/sha")
            .asString();
    for (String name : new String[] {"a", "b/c", "d"}) {
      Answer _ = ref("refs/heads/" + name, sha).is(201);
    }

    assertThat(message(ref("refs/heads/a", sha).is(422))).isEqualTo("Reference already exists");
    assertThat(message(ref("refs/heads/e", "0".repeat(40)).is(422)))
        .isEqualTo("Object does not exist");
    Answer page = github.get("/repos/slipway/paged/branches?per_page=3").is(200);
    assertThat(page.json()).hasSize(3);
    assertThat(page.header("Link"))
        .contains("per_page=3&page=2>; rel=\"next\"")
        .contains("page=2>; rel=\"last\"");
    assertThat(github.get("/repos/slipway/paged/branches?per_page=3&page=2").json()).hasSize(1);
    Answer _ = github.send("DELETE", "/repos/slipway/paged/git/refs/heads/b/c", "").is(204);
    assertThat(
            message(github.send("DELETE", "/repos/slipway/paged/git/refs/heads/b/c", "").is(422)))
        .isEqualTo("Reference does not exist");
  }

  @Test
  void whatWasAnsweredIsThereAfterARestart(@TempDir Path other) {
    long id;
    try (TestGitHub before = TestGitHub.start(other)) {
      before.repository("kept");
      Answer _ = before.send("PATCH", "/repos/slipway/kept", "{\"private\":true}").is(200);
      id = before.get("/repos/slipway/kept").json().path("id").asLong();
    }
    try (TestGitHub after = TestGitHub.start(other)) {
      assertThat(after.get("/repositories/" + id).is(200).json().path("full_name").asString())
          .isEqualTo("slipway/kept");
      assertThat(after.get("/repos/slipway/kept").json().path("private").asBoolean()).isTrue();
      after.repository("more");
      assertThat(after.get("/repos/slipway/more").json().path("id").asLong()).isGreaterThan(id);
      Answer _ = after.send("DELETE", "/repos/slipway/kept", "").is(204);
      assertThat(after.get("/repos/slipway/kept").status()).isEqualTo(404);
    }
  }

  private static Answer ref(String name, String sha) {
    return github.post(
        "/repos/slipway/paged/git/refs", "{\"ref\":\"%s\",\"sha\":\"%s\"}".formatted(name, sha));
  }

  private static String message(Answer answer) {
    return answer.json().path("message").asString();
  }
}
