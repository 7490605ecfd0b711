package dev.slipway.sandbox.git;

import static dev.slipway.sandbox.git.Work.code;
import static dev.slipway.sandbox.git.Work.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What was changed in a sandbox becomes a commit, or says why it does not.
@Tag("slow")
class CommitTest {
  private static final String SECRET = "s3cr3t-of-the-tenant";

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
    work.begin();
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    site.close();
  }

  @Test
  void whatTheRunnerCommittedAndWhatHeDidNotIsOneCommit() throws Exception {
    work.write("gone.c", "int main() {}\n");
    work.inside("add", ".");
    work.write("README.md", "changed\n");
    work.inside("commit", "-qam", "the runner's own");
    work.write("new.txt", "new\n");
    Files.delete(work.file("gone.c"));

    GitResult.Committed made =
        (GitResult.Committed)
            result(workshop.first(work.commit(1, "Change things\n\nAll of them.")));
    work.pushed();

    assertThat(made.filesChanged()).isEqualTo(2);
    assertThat(work.remote("log", "--format=%H %P %an <%ae> %cn <%ce>%n%B", "-1", "work"))
        .isEqualTo(
            made.commit().sha()
                + " "
                + base
                + " Ann Ö.-M <ann@example.org> Ann Ö.-M <ann@example.org>\n"
                + "Change things\n\nAll of them.");
    assertThat(work.remote("diff", "--name-status", "main", "work"))
        .isEqualTo("M\tREADME.md\nA\tnew.txt");
  }

  @Test
  void aWorkerKilledBeforeItsCommitWasRecordedIsFollowedByOneWhoMakesTheSame() throws Exception {
    GitCommit lost = work.committed(1, "one");
    assertThat(workshop.checkout(work.path()).commits()).containsExactly(lost);
    workshop.forget(work.path());

    GitResult again = result(workshop.next(work.commit(1, "one")));

    assertThat(((GitResult.Committed) again).commit()).isEqualTo(lost);
  }

  @Test
  void whoeverCommitsTheSameWithTheSameDateMakesTheSameCommit() throws Exception {
    Work other = work.at("other");
    var _ = result(workshop.first(other.clone(2)));
    Instant at = Instant.ofEpochSecond(1_700_000_000);
    work.write("one", "1\n");
    other.write("one", "1\n");

    GitCommit made = committed(workshop.first(work.commitAt(1, "one", at))).commit();

    assertThat(committed(workshop.first(other.commitAt(2, "one", at))).commit()).isEqualTo(made);
    assertThat(made.at()).isEqualTo(at);
    work.pushed();
    assertThat(work.remote("log", "--format=%at %ct", "-1", "work"))
        .isEqualTo("1700000000 1700000000");
  }

  private static GitResult.Committed committed(Outcome<SandboxInput> outcome) {
    return (GitResult.Committed) result(outcome);
  }

  @Test
  void thePatchMakesTheTreeOfWhatWasCloned() throws Exception {
    work.write("text", "1\n");
    Files.write(work.file("binary"), new byte[] {0, 1, -1});
    var _ = result(workshop.first(work.commit(1, "one")));
    Files.writeString(work.file("README.md"), "changed \u00e4\n");

    GitResult.Committed second = committed(workshop.first(work.commit(2, "two")));

    String patch = String.valueOf(second.patch());
    Path file = directory.resolve("patch");
    Files.write(file, patch.getBytes(StandardCharsets.ISO_8859_1));
    Path fresh = directory.resolve("fresh");
    Site.git(directory, "clone", "-q", site.bare("site").toString(), fresh.toString());
    Site.git(fresh, "apply", "--index", file.toString());
    assertThat(Site.git(fresh, "write-tree")).isEqualTo(second.commit().tree());
    assertThat(patch).contains("diff --git a/binary b/binary", "GIT binary patch", "+1\n");
  }

  @Test
  void aPatchIsToldUpToASize() throws Exception {
    work.write("many", "x".repeat(PatchToTell.MOST_BYTES - 1_000) + "\n");
    assertThat(committed(workshop.first(work.commit(1, "many"))).patch()).isNotNull();
    work.write("many", "x".repeat(PatchToTell.MOST_BYTES) + "\n");
    assertThat(committed(workshop.first(work.commit(2, "more"))).patch()).isNull();
  }

  /// What is taken out of a file stands in a patch too.
  @Test
  void aPatchThatTakesTheValueOfASecretAwayIsNotTold() throws Exception {
    work.write("key", SECRET + "\n");
    var _ = result(workshop.first(work.commit(1, "x")));
    work.pushed();
    Work next = work.at("next");
    var _ = result(workshop.first(next.clone(2, "work")));
    workshop.secret(SECRET);
    Files.delete(next.file("key"));

    assertThat(committed(workshop.first(next.commit(2, "x"))).patch()).isNull();
  }

  @Test
  void aWorkerKilledBetweenPatchAndCommitIsFollowedByOneWhoCommits() throws Exception {
    work.write("one", "1\n");
    workshop.killAtNote();
    assertThatThrownBy(() -> workshop.first(work.commit(1, "one")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Folders.list(workshop.snapshots().making())).isEmpty();

    var _ = result(workshop.next(work.commit(1, "one")));
    work.pushed();

    assertThat(work.remote("diff", "--name-only", "main", "work")).isEqualTo("one");
  }

  /// What people tell git not to look at is in the sandbox all the same.
  @ParameterizedTest
  @ValueSource(strings = {"--assume-unchanged", "--skip-worktree"})
  void whatTheIndexHidesLeavesToo(String flag) throws Exception {
    work.inside("update-index", flag, "README.md");
    Files.writeString(work.file("README.md"), "hidden\n");

    var _ = result(workshop.first(work.commit(1, "x")));
    work.pushed();

    assertThat(work.remote("show", "work:README.md")).isEqualTo("hidden");
  }

  @Test
  void whatWasBeingMergedLeavesAsItIs() throws Exception {
    work.inside("checkout", "-q", "-b", "other");
    Files.writeString(work.file("README.md"), "theirs\n");
    work.inside("commit", "-qam", "theirs");
    work.inside("checkout", "-q", "work");
    Files.writeString(work.file("README.md"), "ours\n");
    work.inside("commit", "-qam", "ours");
    assertThatThrownBy(() -> work.inside("merge", "other")).hasMessageContaining("CONFLICT");

    var _ = result(workshop.first(work.commit(1, "x")));
    work.pushed();

    assertThat(work.remote("show", "work:README.md")).contains("<<<<<<<", "ours", "theirs");
  }

  /// As large as it was, and as old, as far as its clock shows.
  @Test
  void whatWasChangedAtTheSameMomentLeaves() throws Exception {
    FileTime before = Files.getLastModifiedTime(work.file("README.md"));
    Files.writeString(work.file("README.md"), "HELLO\n");
    var _ = Files.setLastModifiedTime(work.file("README.md"), before);

    var _ = result(workshop.first(work.commit(1, "x")));
    work.pushed();

    assertThat(work.remote("show", "work:README.md")).isEqualTo("HELLO");
  }

  @Test
  void whatWasNotChangedIsNothingToCommit() throws Exception {
    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("nothing_to_commit");
  }

  @Test
  void aSecretsValueDoesNotLeaveInAFile() throws Exception {
    workshop.secret(SECRET);
    work.write("a", "x".repeat(70_000) + SECRET);

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("validation_failed");
  }

  @Test
  void aSecretsValueDoesNotLeaveInAName() throws Exception {
    workshop.secret(SECRET);
    work.write("of/" + SECRET + "/a", "x");

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("validation_failed");
  }

  @Test
  void aSecretsValueDoesNotLeaveInAMessage() throws Exception {
    workshop.secret(SECRET);
    work.write("a", "x");

    assertThat(code(workshop.first(work.commit(1, "Use " + SECRET + "."))))
        .isEqualTo("validation_failed");
    assertThat(workshop.checkout(work.path()).commits()).isEmpty();
  }

  @Test
  void workflowsAreOfTenantsThatMayChangeThem() throws Exception {
    work.write(".github/workflows/x.yml", "on: push\n");
    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("push_rejected");

    workshop.mayChangeWorkflows();

    assertThat(code(workshop.first(work.commit(1, "x")))).startsWith("succeeded");
  }

  @Test
  void aRepositoryWithinTheRepositoryDoesNotLeave() throws Exception {
    Path nested = Files.createDirectories(work.file("nested"));
    Site.git(nested, "init", "-q");
    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("validation_failed");
    Site.git(nested, "commit", "-q", "--allow-empty", "-m", "x");
    assertThat(code(workshop.first(work.commit(2, "x")))).isEqualTo("validation_failed");
  }

  @Test
  void whatLfsKeepsDoesNotLeave() throws Exception {
    work.write(".gitattributes", "*.bin filter=lfs\n");
    work.write("x.bin", "1");

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("validation_failed");
  }

  @Test
  void aPatchThatIsTooLargeDoesNotLeave() throws Exception {
    workshop.patchesOf(10_000);
    work.write("many", "some line\n".repeat(10_000));

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("too_large");
  }

  /// Few bytes of a patch may make many elsewhere.
  @Test
  void attributesThatAreTooMuchToLookAtDoNotLeave() throws Exception {
    work.write(".gitattributes", "* filter=%s\n".formatted("x".repeat(2_030)));
    for (int i = 0; i < 34_000; i++) {
      work.write("empty/" + i, "");
    }

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("too_large");
  }

  @Test
  void whatIsIgnoredStaysUnlessItWasAdded() throws Exception {
    work.write(".gitignore", "*.log\n");
    work.write("a.log", "1");
    work.write("b.log", "2");
    work.inside("add", "-f", "b.log");
    var _ = result(workshop.first(work.commit(1, "x")));

    work.pushed();

    assertThat(work.remote("diff", "--name-only", "main", "work")).isEqualTo(".gitignore\nb.log");
  }

  @Test
  void aHostileRepositoryInTheSandboxReachesNothingButItsOwnPatch() throws Exception {
    Path proof = directory.resolve("proof");
    String run = "touch " + proof;
    for (String name :
        List.of("pre-commit", "post-checkout", "reference-transaction", "pre-push")) {
      work.write(".git/hooks/" + name, "#!/bin/sh\n" + run + "\n");
      assertThat(work.file(".git/hooks/" + name).toFile().setExecutable(true)).isTrue();
    }
    work.inside("config", "core.fsmonitor", run);
    work.inside("config", "diff.external", run);
    work.inside("config", "core.sshCommand", run);
    work.inside("config", "diff.noprefix", "true");
    work.inside("config", "remote.origin.url", "file:///etc");
    work.inside("config", "url.file:///etc.insteadOf", "http");
    Files.writeString(work.file("README.md"), "changed\n");
    GitCommit commit = ((GitResult.Committed) result(workshop.first(work.commit(1, "x")))).commit();

    work.pushed();

    assertThat(work.remote("rev-parse", "work")).isEqualTo(commit.sha());
    assertThat(proof).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects/info/alternates", "../.git"})
  void aRepositoryThatLeadsOutOfTheSandboxesOwnIsReadThereAlone(String what) throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    Site.git(directory, "clone", "-q", work.file(".git").toString(), elsewhere.toString());
    Path lead = work.file(".git").resolve(what).normalize();
    if (what.startsWith("..")) {
      Folders.delete(lead);
      Files.createSymbolicLink(lead, elsewhere.resolve(".git"));
    } else {
      Files.writeString(lead, elsewhere.resolve(".git/objects") + "\n");
    }
    work.write("one", "1\n");

    var _ = result(workshop.first(work.commit(1, "x")));
    work.pushed();

    assertThat(work.remote("diff", "--name-only", "main", "work")).isEqualTo("one");
  }

  @Test
  void aPatchThatIsNotOfTheTreeThatWasToldIsRefused() throws Exception {
    work.write("README.md", "changed\n");
    workshop.program(
        "git",
        """
        #!/bin/bash
        for each; do [ "$each" != diff-tree ] || exit 0; done
        exec /usr/bin/git "$@"
        """);

    assertThat(code(workshop.first(work.commit(1, "x")))).isEqualTo("validation_failed");
    assertThat(workshop.checkout(work.path()).commits()).isEmpty();
  }
}
