package dev.slipway.pipeline.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BranchNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"main", "feature/x", "a", "v1.2", "ünï", "fix-#12", "a@b", "x/-y"})
  void namesOfBranchesAreTaken(String name) {
    assertThat(BranchName.isOne(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-x",
        "--force",
        "a..b",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "/a",
        "a/",
        "a//b",
        "a.",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a@{1}",
        "@",
        "HEAD",
        "a\tb",
        "a\nb",
      })
  void whatGitWouldTakeForSomethingElseIsNoBranch(String name) {
    assertThat(BranchName.isOne(name)).isFalse();
  }
}
