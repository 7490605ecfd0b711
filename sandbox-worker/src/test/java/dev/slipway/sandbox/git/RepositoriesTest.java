package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.sandbox.GitAuthor;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real git and a real git host; the sandbox is a folder.
@Tag("slow")
class RepositoriesTest {
  private static final GitAuthor ANN = new GitAuthor("Ann Ö.-M", "ann@example.org");

  @TempDir private Path directory;
  private Workshop workshop;
  private Path path;
  private String base;

  @BeforeEach
  void open() throws IOException {
    workshop = new Workshop(directory);
    Path content = Files.createDirectories(directory.resolve("content"));
    Files.writeString(content.resolve("README.md"), "hello\n");
    Files.createDirectories(content.resolve("src"));
    Files.writeString(content.resolve("src/main.c"), "int main() {}\n");
    base = workshop.server().create("acme/site", content);
    path = workshop.path("site");
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
  }

  private SandboxOperation.Clone clone(int id, @Nullable String branch) {
    return new SandboxOperation.Clone(
        new UUID(1, id),
        path.toString(),
        workshop.server().url("acme/site"),
        branch,
        1,
        false,
        false);
  }

  private SandboxOperation.Branch branch(String name) {
    return new SandboxOperation.Branch(new UUID(2, 1), path.toString(), name);
  }

  private SandboxOperation.Commit commit(int id, String message) {
    return new SandboxOperation.Commit(new UUID(3, id), path.toString(), message, ANN);
  }

  private SandboxOperation.Push push() {
    return new SandboxOperation.Push(new UUID(4, 1), path.toString());
  }

  private static GitResult result(Outcome<SandboxInput> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return ((SandboxInput.Worked) ((Outcome.Succeeded<SandboxInput>) outcome).input()).result();
  }

  private static String code(Outcome<SandboxInput> outcome) {
    return switch (outcome) {
      case Outcome.Failed<SandboxInput>(var failure, _, _) -> failure.code();
      case Outcome.Later<SandboxInput>(var failure, _) -> "later " + failure.code();
      case Outcome.Cancelled<SandboxInput> _ -> "cancelled";
      case Outcome.Succeeded<SandboxInput>(_, var result) -> "succeeded " + result;
    };
  }

  private GitCommit committed(int id, String message) throws InterruptedException {
    return ((GitResult.Committed) result(workshop.first(commit(id, message)))).commit();
  }

  private void ready() throws InterruptedException {
    var _ = result(workshop.first(clone(1, null)));
    var _ = result(workshop.first(branch("work")));
  }

  private String remote(String... arguments) {
    return GitServer.git(workshop.server().bare("acme/site"), arguments);
  }

  @Test
  void aRepositoryGoesInAndACommitComesOut() throws Exception {
    GitResult cloned = result(workshop.first(clone(1, null)));
    assertThat(cloned)
        .isEqualTo(
            new GitResult.Cloned(
                path.toString(), workshop.server().url("acme/site"), "main", base, 1));
    assertThat(path.resolve("src/main.c")).hasContent("int main() {}\n");
    assertThat(GitServer.git(path, "status", "--porcelain", "--branch"))
        .isEqualTo("## main...origin/main");

    assertThat(result(workshop.first(branch("work"))))
        .isEqualTo(new GitResult.BranchCreated(path.toString(), "work", base));
    Files.writeString(path.resolve("README.md"), "changed\n");
    GitServer.git(path, "commit", "-qam", "the runner's own");
    Files.writeString(path.resolve("new.txt"), "new\n");
    Files.delete(path.resolve("src/main.c"));
    GitCommit commit = committed(1, "Change things\n\nAll of them.");

    assertThat(result(workshop.first(push())))
        .isEqualTo(new GitResult.Pushed(path.toString(), "work", commit.sha()));
    assertThat(remote("log", "--format=%H %P %an <%ae> %cn <%ce>%n%B", "-1", "work"))
        .isEqualTo(
            commit.sha()
                + " "
                + base
                + " Ann Ö.-M <ann@example.org> Ann Ö.-M <ann@example.org>\n"
                + "Change things\n\nAll of them.");
    assertThat(remote("diff", "--name-status", "main", "work"))
        .isEqualTo("M\tREADME.md\nA\tnew.txt\nD\tsrc/main.c");
    assertThat(remote("for-each-ref", "--format=%(refname)"))
        .isEqualTo("refs/heads/main\nrefs/heads/work");
  }

  @Test
  void oneMoreCommitFollowsTheOneBeforeAndMovesTheBranchForward() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    GitCommit first = committed(1, "one");
    var _ = result(workshop.first(push()));
    Files.writeString(path.resolve("two"), "2\n");
    GitResult.Committed second = (GitResult.Committed) result(workshop.first(commit(2, "two")));

    var _ = result(workshop.first(push()));

    assertThat(second.filesChanged()).isEqualTo(1);
    assertThat(remote("log", "--format=%H", "work").lines().toList())
        .containsExactly(second.commit().sha(), first.sha(), base);
  }

  @Test
  void anotherMachineMakesTheSameCommitAgain() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    GitCommit first = committed(1, "one");
    Files.writeString(path.resolve("two"), "2\n");
    GitCommit second = committed(2, "two");
    Files.writeString(path.resolve("three"), "not committed\n");
    workshop.moveAway();

    var _ = result(workshop.first(push()));

    assertThat(remote("log", "--format=%H", "work").lines().toList())
        .containsExactly(second.sha(), first.sha(), base);
    assertThat(workshop.server().fetches()).isGreaterThan(1);
  }

  @Test
  void aWorkerKilledBeforeItsCommitWasRecordedIsFollowedByOneWhoMakesTheSame() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    GitCommit lost = ((GitResult.Committed) result(workshop.first(commit(1, "one")))).commit();
    var checkout = workshop.checkout(path);
    assertThat(checkout.commits()).hasSize(1);
    workshop.forget(path);

    GitResult again = result(workshop.next(commit(1, "one")));

    assertThat(((GitResult.Committed) again).commit()).isEqualTo(lost);
  }

  @Test
  void aWorkerKilledBetweenPatchAndCommitIsFollowedByOneWhoCommits() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    workshop.killAtNote();
    assertThatThrownBy(() -> workshop.first(commit(1, "one")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Folders.list(workshop.snapshots().making())).isEmpty();

    var _ = result(workshop.next(commit(1, "one")));
    var _ = result(workshop.first(push()));

    assertThat(remote("diff", "--name-only", "main", "work")).isEqualTo("one");
  }

  @Test
  void aPushThatNobodyHeardOfIsFoundToBeThere() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    GitCommit commit = committed(1, "one");
    var _ = result(workshop.first(push()));

    assertThat(result(workshop.next(push())))
        .isEqualTo(new GitResult.Pushed(path.toString(), "work", commit.sha()));

    String beyond = workshop.server().commit("acme/site", "work", commit.sha());
    assertThat(code(workshop.next(push()))).startsWith("succeeded");
    assertThat(remote("rev-parse", "work")).isEqualTo(beyond);
  }

  @Test
  void aBranchThatSomebodyElseHasIsLeftAlone() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    var _ = committed(1, "one");
    String theirs = workshop.server().commit("acme/site", "work", base);

    assertThat(code(workshop.first(push()))).isEqualTo("branch_diverged");
    assertThat(remote("rev-parse", "work")).isEqualTo(theirs);
  }

  @Test
  void aProtectedBranchIsSaidToBeOne() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    var _ = committed(1, "one");
    workshop
        .server()
        .refuse("acme/site", "error: GH006: Protected branch update failed for refs/heads/work.");

    Outcome<SandboxInput> refused = workshop.first(push());

    assertThat(code(refused)).isEqualTo("protected_branch");
    assertThat(((Outcome.Failed<SandboxInput>) refused).failure().message())
        .contains("GH006: Protected branch update failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write pack",
        "ran look",
        "run place",
        "ran place",
        "run checkout",
        "ran checkout"
      })
  void aWorkerKilledAtAnyMomentOfACloneIsFollowedByOneWhoGoesOn(String moment) throws Exception {
    String script =
        moment.endsWith("look")
            ? "How far a clone"
            : moment.endsWith("place") ? "Makes a repository of the parts" : "Puts the files there";
    workshop
        .session()
        .killAt(doing ->
            moment.startsWith("write")
                ? doing.startsWith("write pack") && doing.endsWith(".pack.0000")
                : doing.startsWith(moment.substring(0, 4)) && doing.contains(script));
    assertThatThrownBy(() -> workshop.first(clone(1, null)))
        .isInstanceOf(ProviderUnavailableException.class);
    workshop.session().killNever();
    // the branch moves on meanwhile
    workshop.server().commit("acme/site", "main", base);
    boolean isNoted = !moment.equals("ran look");

    GitResult.Cloned cloned = (GitResult.Cloned) result(workshop.next(clone(1, null)));

    assertThat(cloned.headSha().equals(base)).isEqualTo(isNoted);
    assertThat(GitServer.git(path, "rev-parse", "HEAD")).isEqualTo(cloned.headSha());
    assertThat(GitServer.git(path, "status", "--porcelain")).isEmpty();
    assertThat(GitServer.git(path, "fsck", "--full")).doesNotContain("error");
    assertThat(workshop.everything()).containsExactly(path);
  }

  @Test
  void partsThatHaveArrivedAreNotSentAgain() throws Exception {
    workshop.session().killAt(doing -> doing.startsWith("run") && doing.contains("of the parts"));
    assertThatThrownBy(() -> workshop.first(clone(1, null)))
        .isInstanceOf(ProviderUnavailableException.class);
    workshop.session().killNever();
    int before = workshop.session().writes();

    var _ = result(workshop.next(clone(1, null)));

    assertThat(workshop.session().writes()).isEqualTo(before);
    assertThat(workshop.server().fetches()).isEqualTo(3); // each asks for refs, one for objects
  }

  @Test
  void aSecondCloneOfTheSameIsServedFromTheSnapshotAfterTheHostWasAsked() throws Exception {
    var _ = result(workshop.first(clone(1, null)));
    path = workshop.path("again");
    var _ = result(workshop.first(clone(2, "main")));
    assertThat(workshop.server().fetches()).isEqualTo(3); // each asks for refs, one for objects

    path = workshop.path("refused");
    workshop.server().answer("acme/site", 404);

    assertThat(code(workshop.first(clone(3, null)))).isEqualTo("not_found");
    assertThat(path).doesNotExist();
  }

  @Test
  void anotherTenantOpensNothingAlsoWhereASnapshotLies() throws Exception {
    var _ = result(workshop.first(clone(1, null)));
    path = workshop.path("theirs");

    assertThat(code(workshop.next(clone(2, null), "acme"))).isEqualTo("auth_failed");
    assertThat(workshop.everything()).hasSize(1);
  }

  @Test
  void whatCannotBeClonedSaysWhyAndLeavesNothing() throws Exception {
    assertThat(code(workshop.first(clone(1, "nowhere")))).isEqualTo("base_not_found");
    workshop.server().answer("acme/site", 401);
    assertThat(code(workshop.first(clone(2, null)))).isEqualTo("auth_failed");
    workshop.server().answer("acme/site", 429);
    assertThat(code(workshop.first(clone(3, null)))).isEqualTo("later rate_limited");
    workshop.server().answer("acme/site", 503);
    assertThat(code(workshop.first(clone(4, null)))).isEqualTo("later unavailable");
    workshop.server().works("acme/site");
    workshop.server().redirect("http://127.0.0.2:1");
    assertThat(code(workshop.first(clone(5, null)))).isEqualTo("not_found");

    assertThat(path).doesNotExist();
  }

  @Test
  void aRepositoryThatIsTooLargeIsNotFetchedToItsEnd() throws Exception {
    Path large = Files.createDirectories(directory.resolve("large"));
    var random = new Random(1);
    byte[] bytes = new byte[400_000];
    random.nextBytes(bytes);
    Files.write(large.resolve("noise"), bytes);
    var _ = workshop.server().create("acme/large", large);
    workshop.repositoriesOf(100_000);
    var wanted =
        new SandboxOperation.Clone(
            new UUID(1, 7),
            path.toString(),
            workshop.server().url("acme/large"),
            null,
            1,
            false,
            false);

    assertThat(code(workshop.first(wanted))).isEqualTo("too_large");
    assertThat(Folders.list(workshop.snapshots().making())).isEmpty();
  }

  @Test
  void whatIsAtThePathIsLeftAlone() throws Exception {
    Files.createDirectories(path);
    Files.writeString(path.resolve("mine"), "1");

    assertThat(code(workshop.first(clone(1, null)))).isEqualTo("validation_failed");
    assertThat(workshop.everything()).containsExactly(path);
    assertThat(path.resolve("mine")).exists();
  }

  @Test
  void aSandboxWithoutGitIsSaidToBeOne() throws Exception {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    workshop.session().environment("PATH", bin.toString());

    assertThat(code(workshop.first(clone(1, null)))).isEqualTo("git_missing");
    assertThat(workshop.server().fetches()).isZero();
  }

  @Test
  void whoCancelsLeavesNothing() throws Exception {
    workshop.cancel();

    assertThat(code(workshop.first(clone(1, null)))).isEqualTo("cancelled");
    assertThat(workshop.everything()).isEmpty();
  }

  @Test
  void aBranchThatIsOnTheRemoteOrInTheSandboxIsNotTaken() throws Exception {
    var _ = result(workshop.first(clone(1, null)));
    var _ = workshop.server().commit("acme/site", "theirs", base);
    GitServer.git(path, "commit", "-q", "--allow-empty", "-m", "x");
    GitServer.git(path, "branch", "own");

    assertThat(code(workshop.first(branch("theirs")))).isEqualTo("branch_exists");
    assertThat(code(workshop.first(branch("own")))).isEqualTo("branch_exists");
    assertThat(code(workshop.first(branch("work")))).startsWith("succeeded");
    assertThat(code(workshop.next(branch("work")))).startsWith("succeeded");
    assertThat(code(workshop.first(branch("another")))).isEqualTo("branch_exists");
  }

  @Test
  void whatWasNotClonedOrBranchedOrCommittedCannotBePushed() throws Exception {
    assertThat(code(workshop.first(push()))).isEqualTo("not_found");
    var _ = result(workshop.first(clone(1, null)));
    assertThat(code(workshop.first(push()))).isEqualTo("not_found");
    var _ = result(workshop.first(branch("work")));
    assertThat(code(workshop.first(push()))).isEqualTo("nothing_to_commit");
    assertThat(code(workshop.first(commit(1, "x")))).isEqualTo("nothing_to_commit");
  }

  @Test
  void submodulesComeWhenAskedForAndLeaveAsTheyCame() throws Exception {
    Path inner = Files.createDirectories(directory.resolve("inner"));
    Files.writeString(inner.resolve("inner.txt"), "inner\n");
    String innerSha = workshop.server().create("acme/inner", inner);
    Path middle = Files.createDirectories(directory.resolve("middle"));
    nest(middle, "in/ner", "../inner.git", innerSha);
    String middleSha = workshop.server().create("acme/middle", middle);
    Path outer = Files.createDirectories(directory.resolve("outer"));
    nest(outer, "mid", workshop.server().url("acme/middle"), middleSha);
    var _ = workshop.server().create("acme/outer", outer);

    var _ = result(workshop.first(cloneOf("acme/outer", true)));
    assertThat(path.resolve("mid/in/ner/inner.txt")).hasContent("inner\n");
    assertThat(GitServer.git(path, "status", "--porcelain")).isEmpty();
    var _ = result(workshop.first(branch("work")));
    Files.writeString(path.resolve("new.txt"), "new\n");
    GitResult.Committed committed = (GitResult.Committed) result(workshop.first(commit(1, "x")));
    assertThat(committed.filesChanged()).isEqualTo(1);

    Files.writeString(path.resolve("mid/in/ner/inner.txt"), "changed\n");
    GitServer.git(path.resolve("mid/in/ner"), "commit", "-qam", "inside");
    GitServer.git(path.resolve("mid"), "commit", "-qam", "inside");
    assertThat(code(workshop.first(commit(2, "y")))).isEqualTo("validation_failed");
  }

  private Path withLfs(byte[] content) throws IOException {
    Path kept = Files.createDirectories(directory.resolve("kept"));
    Files.writeString(
        kept.resolve(".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    Files.writeString(kept.resolve(".lfsconfig"), "[lfs]\n\turl = http://127.0.0.2:1/evil\n");
    Files.createDirectories(kept.resolve("a dir"));
    Files.writeString(kept.resolve("a dir/x.bin"), workshop.server().keep(content));
    Files.writeString(kept.resolve("not-kept.txt"), workshop.server().keep(new byte[] {1}));
    var _ = workshop.server().create("acme/kept", kept);
    return path.resolve("a dir/x.bin");
  }

  @Test
  void contentsThatLfsKeepsComeWhenAskedForAndLeaveAsTheyCame() throws Exception {
    byte[] content = new byte[300_000];
    new Random(2).nextBytes(content);
    Path file = withLfs(content);

    var _ = result(workshop.first(cloneOf("acme/kept", false, true)));

    assertThat(file).hasBinaryContent(content);
    assertThat(path.resolve("not-kept.txt")).content().startsWith("version ");
    assertThat(workshop.server().authorizations()).isEmpty();
    var _ = result(workshop.first(branch("work")));
    assertThat(code(workshop.first(commit(1, "x")))).isEqualTo("nothing_to_commit");
    Files.writeString(path.resolve("new.txt"), "new\n");
    assertThat(code(workshop.first(commit(2, "x")))).contains("\"files_changed\":1");
    Files.write(file, new byte[] {1, 2, 3});
    assertThat(code(workshop.first(commit(3, "x")))).isEqualTo("validation_failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:1",
        "http://evil.example",
        "https://169.254.169.254",
        "file:///etc",
        "https://user:x@example.org"
      })
  void linksOfLfsThatLeadInsideAreNotFollowed(String address) throws Exception {
    Path file = withLfs(new byte[] {1, 2, 3});
    workshop.server().keepAt(address);

    assertThat(code(workshop.first(cloneOf("acme/kept", false, true))))
        .isEqualTo("validation_failed");
    assertThat(workshop.everything()).isEmpty();
    var _ = result(workshop.first(cloneOf("acme/kept", false, false)));
    assertThat(file).content().startsWith("version ");
  }

  private SandboxOperation.Clone cloneOf(String repository, boolean submodules) {
    return cloneOf(repository, submodules, false);
  }

  private SandboxOperation.Clone cloneOf(String repository, boolean submodules, boolean lfs) {
    return new SandboxOperation.Clone(
        new UUID(1, 8),
        path.toString(),
        workshop.server().url(repository),
        null,
        1,
        submodules,
        lfs);
  }

  /// A repository within another, as `.gitmodules` tells of it.
  private static void nest(Path outer, String at, String url, String sha) throws IOException {
    Files.writeString(
        outer.resolve(".gitmodules"),
        """
        [submodule "x"]
        	path = %s
        	url = %s
        """
            .formatted(at, url));
    GitServer.git(outer, "init", "-q", "-b", "main");
    GitServer.git(outer, "update-index", "--add", "--cacheinfo", "160000," + sha + "," + at);
    Files.createDirectories(outer.resolve(at));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/acme/x",
        "ext::sh -c id",
        "../../../x",
        "file:///etc",
        "-u./x"
      })
  void hostileSubmodulesAreNotSpokenToAndLeaveNothing(String url) throws Exception {
    Path outer = Files.createDirectories(directory.resolve("outer"));
    nest(outer, "sub", url, base);
    var _ = workshop.server().create("acme/outer", outer);

    assertThat(code(workshop.first(cloneOf("acme/outer", true)))).isEqualTo("validation_failed");
    assertThat(workshop.everything()).isEmpty();
    assertThat(code(workshop.first(cloneOf("acme/outer", false)))).startsWith("succeeded");
  }

  @Test
  void whatMayNotLeaveStays() throws Exception {
    ready();
    workshop.secret("s3cr3t-of-the-tenant");
    Files.writeString(path.resolve("a"), "x".repeat(70_000) + "s3cr3t-of-the-tenant");
    assertThat(code(workshop.first(commit(1, "x")))).isEqualTo("validation_failed");
    Files.delete(path.resolve("a"));

    Files.createDirectories(path.resolve(".github/workflows"));
    Files.writeString(path.resolve(".github/workflows/x.yml"), "on: push\n");
    assertThat(code(workshop.first(commit(2, "x")))).isEqualTo("push_rejected");
    Folders.delete(path.resolve(".github"));

    Path nested = Files.createDirectories(path.resolve("nested"));
    GitServer.git(nested, "init", "-q");
    assertThat(code(workshop.first(commit(3, "x")))).isEqualTo("validation_failed");
    GitServer.git(nested, "commit", "-q", "--allow-empty", "-m", "x");
    assertThat(code(workshop.first(commit(4, "x")))).isEqualTo("validation_failed");
    Folders.delete(nested);

    Files.writeString(path.resolve(".gitattributes"), "*.bin filter=lfs\n");
    Files.writeString(path.resolve("x.bin"), "1");
    assertThat(code(workshop.first(commit(5, "x")))).isEqualTo("validation_failed");
    Files.delete(path.resolve("x.bin"));

    workshop.patchesOf(10_000);
    Files.write(path.resolve("large"), new byte[] {1});
    Files.writeString(path.resolve("many"), "some line\n".repeat(10_000));
    assertThat(code(workshop.first(commit(6, "x")))).isEqualTo("too_large");
  }

  @Test
  void aTenantThatMayChangesItsWorkflows() throws Exception {
    ready();
    workshop.mayChangeWorkflows();
    Files.createDirectories(path.resolve(".github/workflows"));
    Files.writeString(path.resolve(".github/workflows/x.yml"), "on: push\n");

    assertThat(code(workshop.first(commit(1, "x")))).startsWith("succeeded");
  }

  @Test
  void whatIsIgnoredStaysUnlessItWasAdded() throws Exception {
    ready();
    Files.writeString(path.resolve(".gitignore"), "*.log\n");
    Files.writeString(path.resolve("a.log"), "1");
    Files.writeString(path.resolve("b.log"), "2");
    GitServer.git(path, "add", "-f", "b.log");
    var _ = committed(1, "x");

    var _ = result(workshop.first(push()));

    assertThat(remote("diff", "--name-only", "main", "work")).isEqualTo(".gitignore\nb.log");
  }

  @Test
  void aHostileRepositoryInTheSandboxReachesNothingButItsOwnPatch() throws Exception {
    ready();
    Path proof = directory.resolve("proof");
    String run = "touch " + proof;
    for (String name :
        List.of("pre-commit", "post-checkout", "reference-transaction", "pre-push")) {
      Path hook = path.resolve(".git/hooks/" + name);
      Files.createDirectories(hook.getParent());
      Files.writeString(hook, "#!/bin/sh\n" + run + "\n");
      hook.toFile().setExecutable(true);
    }
    GitServer.git(path, "config", "core.fsmonitor", run);
    GitServer.git(path, "config", "diff.external", run);
    GitServer.git(path, "config", "core.sshCommand", run);
    GitServer.git(path, "config", "diff.noprefix", "true");
    GitServer.git(path, "config", "remote.origin.url", "file:///etc");
    GitServer.git(path, "config", "url.file:///etc.insteadOf", "http");
    Files.writeString(path.resolve("README.md"), "changed\n");
    GitCommit commit = committed(1, "x");

    var _ = result(workshop.first(push()));

    assertThat(remote("rev-parse", "work")).isEqualTo(commit.sha());
    assertThat(proof).doesNotExist();
  }

  @Test
  void aPatchThatIsNotOfTheTreeThatWasToldIsRefused() throws Exception {
    ready();
    Files.writeString(path.resolve("README.md"), "changed\n");
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path fake = bin.resolve("git");
    Files.writeString(
        fake,
        """
        #!/bin/bash
        for each; do [ "$each" != diff-tree ] || exit 0; done
        exec /usr/bin/git "$@"
        """);
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    workshop.session().environment("PATH", bin + ":/usr/bin:/bin");

    assertThat(code(workshop.first(commit(1, "x")))).isEqualTo("validation_failed");
    assertThat(workshop.checkout(path).commits()).isEmpty();
  }

  @Test
  void aBranchThatSomebodyMakesMeanwhileIsLeftAlone() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    var _ = committed(1, "one");
    workshop.server().beforePush(() -> workshop.server().commit("acme/site", "work", base));

    assertThat(code(workshop.first(push()))).isEqualTo("non_fast_forward");
    assertThat(remote("log", "-1", "--format=%s", "work")).isEqualTo("of somebody else");
  }

  @Test
  void theCredentialIsNowhereInTheSandbox() throws Exception {
    ready();
    Files.writeString(path.resolve("one"), "1\n");
    var _ = committed(1, "one");
    var _ = result(workshop.first(push()));

    try (var files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(Contents.holds(bytes, List.of(GitServer.TOKEN.getBytes(StandardCharsets.UTF_8))))
            .as(file.toString())
            .isFalse();
      }
    }
  }
}
