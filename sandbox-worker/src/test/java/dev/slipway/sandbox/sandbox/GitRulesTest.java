package dev.slipway.sandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.core.Violation;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRulesTest {
  private static final UUID ID = new UUID(0, 1);
  private static final BranchPrefix TASKS = new BranchPrefix("slipway/");

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/", "/a/", "/a//b", "/a/../b", "/a/.", "/a\n", "/a\u0000b"})
  void aPathIsAbsoluteAndInItsShortestForm(String path) {
    assertThat(fields(new SandboxOperation.Push(ID, path))).containsExactly("path");
  }

  @Test
  void branchesOfTasksAreNobodyElses() {
    assertThat(fields(new SandboxOperation.Branch(ID, "/home/user/site", "slipway/1")))
        .containsExactly("name");
    assertThat(fields(new SandboxOperation.Branch(ID, "/home/user/site", "slipway-1"))).isEmpty();
  }

  @Test
  void aCloneHasABranchAndADepth() {
    assertThat(fields(clone("--upload-pack=x", -1))).containsExactly("branch", "depth");
    assertThat(fields(clone(null, 0))).isEmpty();
  }

  private static SandboxOperation.Clone clone(@Nullable String branch, int depth) {
    return new SandboxOperation.Clone(
        ID, "/home/user/site", "https://github.com/a/site", branch, depth, false, false);
  }

  @Test
  void aCommitSaysSomethingAndWhoSaysIt() {
    assertThat(fields(commit(" \n", null))).containsExactly("message");
    assertThat(fields(commit("x".repeat(8_193), null))).containsExactly("message");
    assertThat(fields(commit("x", new GitAuthor("A <b>", ""))))
        .containsExactly("author.name", "author.email");
    assertThat(fields(commit("x", new GitAuthor("Ann", "ann\n@example.org"))))
        .containsExactly("author.email");
    assertThat(fields(commit("x\n\nmore", new GitAuthor("Ann Ö.-M", "ann@example.org")))).isEmpty();
  }

  private static SandboxOperation.Commit commit(String message, @Nullable GitAuthor author) {
    return new SandboxOperation.Commit(ID, "/home/user/site", message, author, null);
  }

  private static List<String> fields(SandboxOperation.Git wanted) {
    return GitRules.violations(wanted, TASKS).stream().map(Violation::field).toList();
  }
}
