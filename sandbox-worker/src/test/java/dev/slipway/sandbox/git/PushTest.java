package dev.slipway.sandbox.git;

import static dev.slipway.sandbox.git.Work.code;
import static dev.slipway.sandbox.git.Work.message;
import static dev.slipway.sandbox.git.Work.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A branch comes out: one commit to one branch, never by force.
@Tag("slow")
class PushTest {
  @TempDir private Path directory;
  private Site site;
  private Workshop workshop;
  private Work work;
  private String base;

  @BeforeEach
  void open() throws Exception {
    site = new Site(directory.resolve("site"));
    workshop = new Workshop(directory, site);
    base = site.create("site", Site.folder(directory.resolve("content"), "README.md", "hello\n"));
    work = Work.on(workshop, "site");
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    site.close();
  }

  @Test
  void aCommitGoesToItsBranchAndNowhereElse() throws Exception {
    work.begin();
    GitCommit commit = work.committed(1, "one");

    assertThat(result(workshop.first(work.push())))
        .isEqualTo(new GitResult.Pushed(work.path(), "work", commit.sha()));

    assertThat(work.remote("for-each-ref", "--format=%(refname)"))
        .isEqualTo("refs/heads/main\nrefs/heads/work");
    assertThat(work.remote("rev-parse", "work", "main").lines())
        .containsExactly(commit.sha(), base);
  }

  @Test
  void oneMoreCommitFollowsTheOneBeforeAndMovesTheBranchForward() throws Exception {
    work.begin();
    GitCommit first = work.committed(1, "one");
    work.pushed();
    work.write("two", "2\n");
    GitResult.Committed second =
        (GitResult.Committed) result(workshop.first(work.commit(2, "two")));

    work.pushed();

    assertThat(second.filesChanged()).isEqualTo(1);
    assertThat(work.remote("log", "--format=%H", "work").lines())
        .containsExactly(second.commit().sha(), first.sha(), base);
  }

  @Test
  void anotherMachineMakesTheSameCommitAgain() throws Exception {
    work.begin();
    GitCommit first = work.committed(1, "one");
    GitCommit second = work.committed(2, "two");
    work.write("three", "not committed\n");
    workshop.moveAway();

    work.pushed();

    assertThat(work.remote("log", "--format=%H", "work").lines())
        .containsExactly(second.sha(), first.sha(), base);
  }

  @Test
  void aPushThatNobodyHeardOfIsFoundToBeThere() throws Exception {
    work.begin();
    GitCommit commit = work.committed(1, "one");
    work.pushed();

    assertThat(result(workshop.next(work.push())))
        .isEqualTo(new GitResult.Pushed(work.path(), "work", commit.sha()));
    assertThat(site.pushes()).isEqualTo(1);

    String beyond = site.commit("site", "work", commit.sha());
    assertThat(code(workshop.next(work.push()))).startsWith("succeeded");
    assertThat(work.remote("rev-parse", "work")).isEqualTo(beyond);
  }

  @Test
  void aPushWhoseAnswerWasLostIsFoundToBeThere() throws Exception {
    work.begin();
    GitCommit commit = work.committed(1, "one");
    site.fault("POST /*/*/git-receive-pack", "drop_answer", 0, 1);

    assertThat(code(workshop.first(work.push()))).isEqualTo("later unavailable");
    assertThat(result(workshop.next(work.push())))
        .isEqualTo(new GitResult.Pushed(work.path(), "work", commit.sha()));

    assertThat(work.remote("rev-parse", "work")).isEqualTo(commit.sha());
  }

  /// A late push would bring back what was merged and removed.
  @Test
  void aPushThatNobodyHeardOfIsNotMadeAgainOnceItsPullRequestIsOver() throws Exception {
    work.begin();
    GitCommit commit = work.committed(1, "one");
    work.pushed();
    site.mergeAndRemove("site", "work");

    assertThat(result(workshop.next(work.push())))
        .isEqualTo(new GitResult.Pushed(work.path(), "work", commit.sha()));

    assertThat(site.pushes()).isEqualTo(1);
    assertThat(work.remote("for-each-ref", "--format=%(refname)", "refs/heads"))
        .isEqualTo("refs/heads/main");
  }

  @Test
  void aBranchWithoutAPullRequestIsPushedByWhoeverTakesItOver() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    site.fault("POST /*/*/git-receive-pack", "refuse", 0, 1);
    assertThat(code(workshop.first(work.push()))).isEqualTo("later unavailable");

    assertThat(code(workshop.next(work.push()))).startsWith("succeeded");
    assertThat(work.remote("for-each-ref", "--format=%(refname)"))
        .isEqualTo("refs/heads/main\nrefs/heads/work");
  }

  @Test
  void aBranchThatSomebodyElseHasIsLeftAlone() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    String theirs = site.commit("site", "work", base);

    assertThat(code(workshop.first(work.push()))).isEqualTo("branch_diverged");
    assertThat(work.remote("rev-parse", "work")).isEqualTo(theirs);
  }

  @Test
  void aBranchThatSomebodyMakesMeanwhileIsLeftAlone() throws Exception {
    try (var detour = new Detour(site);
        var other = new Workshop(directory.resolve("other"), site, detour.host())) {
      Work through = Work.on(other, "site");
      through.begin();
      var _ = through.committed(1, "one");
      detour.beforePush(() -> site.commit("site", "work", base));

      assertThat(code(other.first(through.push()))).isEqualTo("branch_diverged");
      assertThat(work.remote("log", "-1", "--format=%s", "work")).isEqualTo("of somebody else");
    }
  }

  /// It could be moved forward without force, and is not ours all the same.
  @Test
  void aBranchThatSomebodyBeganWhereOursBeginsIsLeftAlone() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    var _ = work.remote("update-ref", "refs/heads/work", base);

    assertThat(code(workshop.first(work.push()))).isEqualTo("branch_diverged");
    assertThat(work.remote("rev-parse", "work")).isEqualTo(base);
  }

  @Test
  void aBranchThatSomebodyMovesMeanwhileIsLeftAlone() throws Exception {
    try (var detour = new Detour(site);
        var other = new Workshop(directory.resolve("other"), site, detour.host())) {
      Work through = Work.on(other, "site");
      through.begin();
      GitCommit first = through.committed(1, "one");
      through.pushed();
      var _ = through.committed(2, "two");
      detour.beforePush(() -> site.commit("site", "work", first.sha()));

      assertThat(code(other.first(through.push()))).isEqualTo("non_fast_forward");
      assertThat(work.remote("log", "-1", "--format=%s", "work")).isEqualTo("of somebody else");
    }
  }

  @Test
  void aProtectedBranchIsSaidToBeOne() throws Exception {
    work.begin();
    GitCommit first = work.committed(1, "one");
    work.pushed();
    site.protect("site", "work");
    var _ = work.committed(2, "two");

    Outcome<SandboxInput> refused = workshop.first(work.push());

    assertThat(code(refused)).isEqualTo("protected_branch");
    assertThat(message(refused)).contains("GH006: Protected branch update failed");
    assertThat(work.remote("rev-parse", "work")).isEqualTo(first.sha());
  }

  @Test
  void aBranchThatARulesetForbidsIsRejectedInTheHostsWords() throws Exception {
    site.rule("site", "ruled");
    var _ = result(workshop.first(work.clone(1)));
    var _ = result(workshop.first(work.branch("ruled/x")));
    var _ = work.committed(1, "one");

    Outcome<SandboxInput> refused = workshop.first(work.push());

    assertThat(code(refused)).isEqualTo("push_rejected");
    assertThat(message(refused)).contains("GH013: Repository rule violations found");
  }

  @Test
  void whatTheHostRefusesSaysWhy() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    var codes = new ArrayList<String>();

    for (int status : List.of(401, 403, 404, 429, 503)) {
      site.refuse(status);
      codes.add(code(workshop.first(work.push())));
    }

    assertThat(codes)
        .containsExactly(
            "auth_failed", "forbidden", "not_found", "later rate_limited", "later unavailable");
  }

  @Test
  void whatWasNotClonedOrBranchedOrCommittedCannotBePushed() throws Exception {
    assertThat(code(workshop.first(work.push()))).isEqualTo("not_found");
    var _ = result(workshop.first(work.clone(1)));
    assertThat(code(workshop.first(work.push()))).isEqualTo("not_found");
    var _ = result(workshop.first(work.branch("work")));
    assertThat(code(workshop.first(work.push()))).isEqualTo("nothing_to_commit");
  }

  @Test
  void aPushIsHeldForAsLongAsItMayLast() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    workshop.timeout(Duration.ofSeconds(40));

    work.pushed();

    assertThat(workshop.held()).isGreaterThan(Duration.ofSeconds(40));
  }

  @Test
  void aPushIsNotBegunByWhoHasLostItsLease() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");
    workshop.loseLease();

    assertThatThrownBy(() -> workshop.first(work.push())).isInstanceOf(InterruptedException.class);

    assertThat(site.pushes()).isZero();
  }

  @Test
  void aRepositoryThatWasRenamedIsFollowedWithinItsHost() throws Exception {
    work.begin();
    GitCommit commit = work.committed(1, "one");
    site.rename("site", "renamed");

    work.pushed();

    Work renamed = Work.on(workshop, "renamed");
    assertThat(renamed.remote("rev-parse", "work")).isEqualTo(commit.sha());
    assertThat(code(workshop.first(work.at("again").clone(2)))).startsWith("succeeded");
  }

  @Test
  void anotherTenantDoesNotPushWhatHisCredentialDoesNotOpen() throws Exception {
    work.begin();
    var _ = work.committed(1, "one");

    assertThat(code(workshop.next(work.push(), "acme"))).isEqualTo("auth_failed");
    assertThat(work.remote("for-each-ref", "--format=%(refname)")).isEqualTo("refs/heads/main");
  }
}
