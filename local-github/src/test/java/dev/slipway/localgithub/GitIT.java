package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Repositories as a person's git sees them.
class GitIT {
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
  void whatIsPushedIsThereForTheNextClone() throws Exception {
    github.repository("pushed");
    Path clone = github.cloned("pushed");
    byte[] large = new byte[3 << 20]; // past what a client sends at once
    new Random(1).nextBytes(large);
    Files.write(clone.resolve("large.bin"), large);

    Ended pushed = github.push(clone, "work/one", "a.txt", "one\n").ok();

    assertThat(pushed.out()).contains("[new branch]      HEAD -> work/one");
    String sha = github.git(clone, "rev-parse", "HEAD").ok().out().strip();
    assertThat(
            github
                .get("/repos/slipway/pushed/git/ref/heads/work/one")
                .is(200)
                .json()
                .at("/object/sha")
                .asString())
        .isEqualTo(sha);
    Path other = github.cloned("pushed");
    Ended _ = github.git(other, "checkout", "-q", "work/one").ok();
    assertThat(other.resolve("large.bin")).hasBinaryContent(large);
    assertThat(github.git(clone, "push", "origin", "HEAD:work/one").ok().out())
        .contains("Everything up-to-date");
    assertThat(github.get("/repos/slipway/pushed/branches/work%2Fone").is(200).text("/commit/sha"))
        .isEqualTo(sha);
  }

  @Test
  void aShallowFetchOfOneCommitSpeaksTheSecondProtocolAndTheFirst() throws Exception {
    github.repository("shallow");
    Path clone = github.cloned("shallow");
    Ended _ = github.push(clone, "main", "a.txt", "one\n").ok();
    String sha = github.git(clone, "rev-parse", "HEAD").ok().out().strip();
    for (String version : new String[] {"0", "2"}) {
      Path bare = Files.createDirectory(folder.resolve("shallow-" + version));
      Ended _ = github.git(bare, "init", "-q", "--bare").ok();

      Ended fetched =
          github.git(
              bare,
              "-c",
              "protocol.version=" + version,
              "fetch",
              "--depth",
              "1",
              github.url() + "/slipway/shallow.git",
              sha + ":refs/heads/x");

      assertThat(fetched.ok().exit()).isZero();
      assertThat(github.git(bare, "rev-list", "--count", "x").ok().out().strip()).isEqualTo("1");
    }
  }

  @Test
  void whoHasNoTokenOrAWrongOneGetsNothing() {
    github.repository("closed");
    String url = github.url() + "/slipway/closed.git";

    assertThat(github.gitWith("", folder, "ls-remote", url))
        .satisfies(ended -> assertThat(ended.exit()).isEqualTo(128))
        .satisfies(ended -> assertThat(ended.out()).contains("could not read Username"));
    assertThat(github.gitWith("wrong", folder, "ls-remote", url).out())
        .containsAnyOf("could not read Username", "Authentication failed");
    assertThat(github.git(folder, "ls-remote", github.url() + "/slipway/none.git").out())
        .contains("remote: Repository not found.")
        .contains("not found");
  }

  @Test
  void aProtectedBranchIsRefusedInGitHubsWordsAndOthersAreNot() {
    github.repository("protected");
    Path clone = github.cloned("protected");
    protect("protected", "main", "{\"required_approving_review_count\":1}");
    github.commit(clone, "main", "a.txt", "one\n");

    Ended refused =
        github.git(clone, "push", "origin", "HEAD:refs/heads/main", "HEAD:refs/heads/free");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out())
        .contains("remote: error: GH006: Protected branch update failed for refs/heads/main.")
        .contains("remote: error: Changes must be made through a pull request.")
        .contains("! [remote rejected] HEAD -> main (protected branch hook declined)")
        .contains("[new branch]      HEAD -> free");
    assertThat(
            github
                .send(
                    "PATCH",
                    "/repos/slipway/protected/git/refs/heads/main",
                    "{\"sha\":\"" + head(clone) + "\"}")
                .status())
        .isEqualTo(422);
  }

  @Test
  void aProtectedBranchMovesForwardButIsNotForcedNorDeleted() {
    github.repository("forward");
    Path clone = github.cloned("forward");
    Ended _ = github.push(clone, "kept", "b.txt", "one\n").ok();
    protect("forward", "main", "null");
    protect("forward", "kept", "null");

    assertThat(github.push(clone, "main", "a.txt", "one\n").ok().out()).contains("main");
    Ended _ = github.git(clone, "commit", "-q", "--amend", "-m", "Otherwise").ok();
    Ended forced = github.git(clone, "push", "--force", "origin", "HEAD:main");
    Ended deleted = github.git(clone, "push", "origin", ":kept", ":main");

    assertThat(forced.out())
        .contains("remote: error: GH006: Protected branch update failed for refs/heads/main.")
        .contains("remote: error: Cannot force-push to this branch")
        .contains("(protected branch hook declined)");
    assertThat(deleted.out())
        .contains("remote: error: Cannot delete this branch")
        .contains(
            "! [remote rejected] main (refusing to delete the current branch: refs/heads/main)");
    Answer _ = github.send("DELETE", "/repos/slipway/forward/branches/main/protection", "").is(204);
    assertThat(github.git(clone, "push", "--force", "origin", "HEAD:main").ok().exit()).isZero();
  }

  @Test
  void whatIsArchivedTakesNoPush() {
    github.repository("archived");
    Path clone = github.cloned("archived");
    Answer _ = github.send("PATCH", "/repos/slipway/archived", "{\"archived\":true}").is(200);

    assertThat(github.push(clone, "main", "a.txt", "one\n").out())
        .contains("The requested URL returned error: 403");
  }

  @Test
  void aRenamedRepositoryIsFoundUnderItsFormerName() {
    github.repository("before");
    Path clone = github.cloned("before");
    Answer _ = github.send("PATCH", "/repos/slipway/before", "{\"name\":\"after\"}").is(200);

    assertThat(github.push(clone, "main", "a.txt", "one\n").ok().out()).contains("main");
    Answer moved = github.get("/repos/slipway/before/git/ref/heads/main?x=1");
    assertThat(moved.is(301).header("Location"))
        .matches(".*/api/v3/repositories/\\d+/git/ref/heads/main\\?x=1");
    assertThat(
            github
                .sendTo(URI.create(moved.header("Location")), "GET", "", TestGitHub.TOKEN)
                .is(200)
                .json()
                .at("/object/sha")
                .asString())
        .isEqualTo(head(clone));
    assertThat(github.send("PATCH", "/repos/slipway/before", "{}").status()).isEqualTo(307);
  }

  @Test
  void whatIsPushedFirstIsTheDefaultBranch() {
    Answer _ = github.post("/user/repos", "{\"name\":\"empty\"}").is(201);
    assertThat(github.get("/repos/slipway/empty/git/ref/heads/main").is(409).text("/message"))
        .isEqualTo("Git Repository is empty.");
    Path clone = github.cloned("empty");

    Ended _ = github.push(clone, "trunk", "a.txt", "one\n").ok();

    assertThat(github.get("/repos/slipway/empty").json().path("default_branch").asString())
        .isEqualTo("trunk");
  }

  private static void protect(String repository, String branch, String reviews) {
    Answer _ =
        github
            .send(
                "PUT",
                "/repos/slipway/" + repository + "/branches/" + branch + "/protection",
                """
                {"required_status_checks":null,"enforce_admins":true,"restrictions":null,
                 "required_pull_request_reviews":%s,"allow_deletions":false}
                """
                    .formatted(reviews))
            .is(200);
  }

  private static String head(Path clone) {
    return github.git(clone, "rev-parse", "HEAD").ok().out().strip();
  }
}
