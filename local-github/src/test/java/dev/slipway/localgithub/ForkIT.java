package dev.slipway.localgithub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.localgithub.TestGitHub.Answer;
import dev.slipway.localgithub.TestGitHub.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pull requests from a repository that somebody else has.
class ForkIT {
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

  /// A clone of a fork, whose branch `topic` has a commit that the other lacks.
  private static Path forked(String name) {
    github.repository(name);
    Answer fork =
        github.post("/repos/slipway/" + name + "/forks", "{\"organization\":\"others\"}").is(202);
    assertThat(fork.text("/full_name")).isEqualTo("others/" + name);
    assertThat(fork.text("/parent/full_name")).isEqualTo("slipway/" + name);
    Path clone = folder.resolve("fork-" + name);
    Ended _ =
        github
            .git(folder, "clone", "-q", github.url() + "/others/" + name + ".git", clone.toString())
            .ok();
    Ended _ = github.push(clone, "topic", "a.txt", "theirs\n").ok();
    return clone;
  }

  private static Answer open(String name, String head) {
    return github.post(
        "/repos/slipway/" + name + "/pulls",
        "{\"title\":\"A change\",\"head\":\"%s\",\"base\":\"main\"}".formatted(head));
  }

  @Test
  void aForksBranchOfTheSameNameIsAnotherPullRequest() {
    Path clone = forked("twice");
    Path ours = github.cloned("twice");
    Ended _ = github.push(ours, "topic", "b.txt", "ours\n").ok();

    Answer theirs = open("twice", "others:topic").is(201);
    Answer own = open("twice", "topic").is(201);

    assertThat(theirs.text("/head/label")).isEqualTo("others:topic");
    assertThat(theirs.text("/head/user/type")).isEqualTo("Organization");
    assertThat(theirs.json().at("/head/repo/fork").asBoolean()).isTrue();
    assertThat(theirs.json().at("/head/repo/id").asLong())
        .isNotEqualTo(theirs.json().at("/base/repo/id").asLong());
    assertThat(own.json().at("/head/repo/id").asLong())
        .isEqualTo(own.json().at("/base/repo/id").asLong());
    assertThat(open("twice", "others:topic").is(422).text("/errors/0/message"))
        .isEqualTo("A pull request already exists for others:topic.");
    assertThat(open("twice", "nobody:topic").is(422).text("/errors/0/field")).isEqualTo("head");
    Answer found = github.get("/repos/slipway/twice/pulls?head=others:topic").is(200);
    assertThat(found.json()).hasSize(1);
    assertThat(found.json().at("/0/number").asLong()).isEqualTo(1);

    Ended _ = github.push(clone, "topic", "a.txt", "more\n").ok();
    Ended _ = github.push(ours, "topic", "b.txt", "more\n").ok();

    assertThat(head("twice", 1)).isEqualTo(tip(clone));
    assertThat(head("twice", 2)).isEqualTo(tip(ours));
    assertThat(github.git(ours, "ls-remote", "origin", "refs/pull/1/head").ok().out())
        .startsWith(tip(clone));
  }

  @Test
  void aForksPullRequestIsMergedAndItsBranchStays() throws Exception {
    forked("merged");
    Answer _ = open("merged", "others:topic").is(201);
    Answer _ =
        github.send("PATCH", "/repos/slipway/merged", "{\"delete_branch_on_merge\":true}").is(200);

    Answer merged = github.send("PUT", "/repos/slipway/merged/pulls/1/merge", "{}").is(200);

    assertThat(github.get("/repos/slipway/merged/pulls/1").is(200).text("/merged_by/login"))
        .isEqualTo("slipway");
    assertThat(
            github
                .get("/repos/slipway/merged/commits/" + merged.text("/sha"))
                .is(200)
                .text("/commit/message"))
        .startsWith("Merge pull request #1 from others/topic");
    Path clone = github.cloned("merged");
    assertThat(Files.readString(clone.resolve("a.txt"))).isEqualTo("theirs\n");
    Answer _ = github.get("/repos/others/merged/git/ref/heads/topic").is(200);
  }

  @Test
  void onceTheForkIsDeletedNobodyKnowsWhereTheHeadWas() {
    forked("gone");
    Answer _ = open("gone", "others:topic").is(201);

    Answer _ = github.send("DELETE", "/repos/others/gone", "").is(204);

    Answer left = github.get("/repos/slipway/gone/pulls/1").is(200);
    assertThat(left.json().at("/head/repo").isNull()).isTrue();
    assertThat(left.text("/head/label")).isEqualTo("others:topic");
  }

  @Test
  void aForkIsMadeOnceAndNotForOneself() {
    forked("once");

    assertThat(
            github
                .post("/repos/slipway/once/forks", "{\"organization\":\"Others\"}")
                .is(202)
                .text("/full_name"))
        .isEqualTo("others/once");
    assertThat(github.get("/repos/slipway/once/forks").is(200).json()).hasSize(1);
    assertThat(github.post("/repos/slipway/once/forks", "{}").status()).isEqualTo(403);
    assertThat(github.get("/users/others").is(200).text("/type")).isEqualTo("Organization");
    assertThat(github.get("/users/others/repos").is(200).json().isEmpty()).isFalse();
  }

  private static String head(String name, int number) {
    return github
        .get("/repos/slipway/%s/pulls/%d".formatted(name, number))
        .is(200)
        .text("/head/sha");
  }

  private static String tip(Path clone) {
    return github.git(clone, "rev-parse", "HEAD").ok().out().strip();
  }
}
