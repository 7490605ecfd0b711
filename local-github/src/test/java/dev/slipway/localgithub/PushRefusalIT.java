package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pushes that are refused for another reason than a protected branch.
class PushRefusalIT {
  private static final String CREATION =
      """
      {"name":"work","target":"branch","enforcement":"active","rules":[{"type":"%s"}],
       "conditions":{"ref_name":{"include":["refs/heads/work/**"],"exclude":["refs/heads/work/mine"]}}}
      """;

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
  void whatARulesetForbidsIsRefusedAndOtherBranchesAreNot() {
    github.repository("ruled");
    Path clone = github.cloned("ruled");
    Ended _ = github.push(clone, "work/there", "a.txt", "one\n").ok();
    long id = ruleset("ruled", "creation");

    Ended refused =
        github.git(clone, "push", "origin", "HEAD:refs/heads/work/x", "HEAD:refs/heads/work/mine");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "remote: error: GH013: Repository rule violations found for refs/heads/work/x.",
            "remote: - Cannot create ref due to creations being restricted.",
            "! [remote rejected] HEAD -> work/x (push declined due to repository rule violations)",
            "[new branch]      HEAD -> work/mine");
    assertThat(github.push(clone, "work/there", "a.txt", "two\n").ok().exit()).isZero();
    String sha = github.git(clone, "rev-parse", "HEAD").ok().out().strip();
    assertThat(
            github
                .post(
                    "/repos/slipway/ruled/git/refs",
                    "{\"ref\":\"refs/heads/work/y\",\"sha\":\"%s\"}".formatted(sha))
                .is(422)
                .text("/message"))
        .startsWith("Repository rule violations found");
    Answer _ = github.send("DELETE", "/repos/slipway/ruled/rulesets/" + id, "").is(204);
    assertThat(github.git(clone, "push", "origin", "HEAD:refs/heads/work/x").ok().exit()).isZero();
  }

  @Test
  void aRulesetAgainstChangesLeavesNewBranchesAlone() {
    github.repository("fixed");
    Path clone = github.cloned("fixed");
    long id = ruleset("fixed", "update");

    assertThat(github.push(clone, "work/x", "a.txt", "one\n").ok().exit()).isZero();
    assertThat(github.push(clone, "work/x", "a.txt", "two\n").out())
        .contains("GH013", "Cannot update this protected ref.");
    assertThat(github.get("/repos/slipway/fixed/rulesets").is(200).json().at("/0/id").asLong())
        .isEqualTo(id);
    assertThat(github.get("/repos/slipway/fixed/rulesets/" + id).is(200).text("/rules/0/type"))
        .isEqualTo("update");
    assertThat(
            github
                .post("/repos/slipway/fixed/rulesets", CREATION.formatted("merge_queue"))
                .status())
        .isEqualTo(422);
  }

  private static long ruleset(String repository, String rule) {
    return github
        .post("/repos/slipway/" + repository + "/rulesets", CREATION.formatted(rule))
        .is(201)
        .json()
        .path("id")
        .asLong();
  }

  @Test
  void aFileOfMoreThanAHundredMebibytesIsRefused() throws Exception {
    github.repository("large");
    Path clone = github.cloned("large");
    github.commit(clone, "big", "small.txt", "one\n");
    try (RandomAccessFile file = new RandomAccessFile(clone.resolve("a big.bin").toFile(), "rw")) {
      file.setLength((100L << 20) + (1 << 19));
    }
    Ended _ = github.git(clone, "-c", "core.compression=1", "add", "-A").ok();
    Ended _ = github.git(clone, "commit", "-q", "-m", "Add what is large").ok();
    // not there any more in the newest commit, which does not help
    Ended _ = github.git(clone, "rm", "-q", "a big.bin").ok();
    Ended _ = github.git(clone, "commit", "-q", "-m", "Remove it").ok();

    Ended refused = github.git(clone, "push", "origin", "HEAD:big");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "remote: error: File a big.bin is 100.50 MB; this exceeds GitHub's file size limit of"
                + " 100.00 MB",
            "remote: error: GH001: Large files detected.",
            "! [remote rejected] HEAD -> big (pre-receive hook declined)");
  }

  @Test
  void anAppWithoutThePermissionChangesNoWorkflow() throws Exception {
    github.repository("flows");
    String with = TestApp.token(github, folder, "\"contents\":\"write\",\"workflows\":\"write\"");
    String without = TestApp.token(github, folder, "\"contents\":\"write\"");
    Path clone = github.cloned("flows");
    github.commit(clone, "flow", ".github/workflows/ci.yml", "on: push\n");

    Ended refused = github.gitWith(without, clone, "push", "origin", "HEAD:flow");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "! [remote rejected] HEAD -> flow (refusing to allow a GitHub App to create or update"
                + " workflow `.github/workflows/ci.yml` without `workflows` permission)");
    assertThat(github.gitWith(with, clone, "push", "origin", "HEAD:flow").ok().exit()).isZero();
    // the commit is there now: another branch with it brings nothing new
    assertThat(github.gitWith(without, clone, "push", "origin", "HEAD:other").ok().exit()).isZero();
  }

  @Test
  void whatNoGitSendsIsABadRequestAndNotAClosedConnection() {
    github.repository("garbled");
    URI push = URI.create(github.url() + "/slipway/garbled.git/git-receive-pack");

    assertThat(github.sendTo(push, "POST", "zzzz", TestGitHub.TOKEN).status()).isEqualTo(400);
    assertThat(github.sendTo(push, "POST", "00", TestGitHub.TOKEN).status()).isEqualTo(400);
    assertThat(
            github.sendTo(push, "POST", "x", TestGitHub.TOKEN, "Content-Encoding", "gzip").status())
        .isEqualTo(400);
  }
}
