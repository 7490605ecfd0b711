package dev.slipway.sandbox.git;

import static dev.slipway.sandbox.git.Work.code;
import static dev.slipway.sandbox.git.Work.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.sandbox.GitResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Repositories go in.
@Tag("slow")
class CloneTest {
  @TempDir private Path directory;
  private Site site;
  private Workshop workshop;
  private Work work;
  private String base;

  @BeforeEach
  void open() {
    site = new Site(directory.resolve("site"));
    workshop = new Workshop(directory, site);
    base = site.create("site", Site.folder(directory.resolve("content"), "src/main.c", "int x;\n"));
    work = Work.on(workshop, "site");
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    site.close();
  }

  @Test
  void aRepositoryGoesIn() throws Exception {
    GitResult cloned = result(workshop.first(work.clone(1)));

    assertThat(cloned)
        .isEqualTo(new GitResult.Cloned(work.path(), workshop.url("site"), "main", base, 1));
    assertThat(work.file("src/main.c")).hasContent("int x;\n");
    assertThat(work.inside("status", "--porcelain", "--branch")).isEqualTo("## main...origin/main");
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
    assertThatThrownBy(() -> workshop.first(work.clone(1)))
        .isInstanceOf(ProviderUnavailableException.class);
    workshop.session().killNever();
    // the branch moves on meanwhile
    site.commit("site", "main", base);
    boolean isNoted = !moment.equals("ran look");

    GitResult.Cloned cloned = (GitResult.Cloned) result(workshop.next(work.clone(1)));

    assertThat(cloned.headSha().equals(base)).isEqualTo(isNoted);
    assertThat(work.inside("rev-parse", "HEAD")).isEqualTo(cloned.headSha());
    assertThat(work.inside("status", "--porcelain")).isEmpty();
    assertThat(work.inside("fsck", "--full")).doesNotContain("error");
    assertThat(workshop.home()).containsExactly("site");
  }

  @Test
  void aWorkerKilledBetweenWhatItFetchedAndItsNameLeavesNoSnapshot() throws Exception {
    Path place = Files.createDirectory(directory.resolve("killed"));
    Process worker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Fetching.class.getName(),
                place.resolve("worker").toString(),
                site.url("site"),
                base,
                Site.TOKEN)
            .inheritIO()
            .start();
    assertThat(worker.waitFor()).isEqualTo(Fetching.KILLED);
    Path folder = place.resolve("worker/worker-0");
    assertThat(Folders.list(folder.resolve("making"))).isNotEmpty();
    assertThat(Folders.list(folder.resolve("snapshots"))).isEmpty();
    int before = site.fetches();

    try (var next = new Workshop(place, site)) {
      var _ = result(next.first(Work.on(next, "site").clone(1)));

      assertThat(Folders.list(folder.resolve("making"))).isEmpty();
      assertThat(Folders.list(folder.resolve("snapshots"))).hasSize(1);
    }
    assertThat(site.fetches()).isEqualTo(before + 2); // for refs, and for objects again
  }

  /// A worker that has fetched, and ends.
  static final class Fetching {
    static final int KILLED = 137;

    private Fetching() {}

    static void main(String... arguments) throws Exception {
      RepositoryUrl url = RepositoryUrl.parse(arguments[1]).orElseThrow();
      GitAccess access = Workshop.access(url.host(), new Secret(arguments[3]));
      Snapshots snapshots =
          Snapshots.open(
              OwnFolder.claim(Path.of(arguments[0])),
              2 << 20,
              1 << 20,
              DiskSpace.unwatched(),
              InstantSource.system());
      Git git = Git.in(snapshots.making(), Duration.ofSeconds(30), Map.of());
      GitHost host = GitHost.of(git, access, "default", url, () -> false);
      var _ =
          snapshots.borrow(
              new Snapshots.Key("default", url.value(), arguments[2], 1),
              folder -> {
                host.fetch(folder, arguments[2], 1, 1 << 20);
                Runtime.getRuntime().halt(KILLED);
              });
    }
  }

  @Test
  void partsThatHaveArrivedAreNotSentAgain() throws Exception {
    workshop.session().killAt(doing -> doing.startsWith("run") && doing.contains("of the parts"));
    assertThatThrownBy(() -> workshop.first(work.clone(1)))
        .isInstanceOf(ProviderUnavailableException.class);
    workshop.session().killNever();
    int before = workshop.session().writes();

    var _ = result(workshop.next(work.clone(1)));

    assertThat(workshop.session().writes()).isEqualTo(before);
    assertThat(site.fetches()).isEqualTo(3); // each asks for refs, one for objects
  }

  @Test
  void aSecondCloneOfTheSameIsServedFromTheSnapshotAfterTheHostWasAsked() throws Exception {
    var _ = result(workshop.first(work.clone(1)));
    var _ = result(workshop.first(work.at("again").clone(2, "main")));
    assertThat(site.fetches()).isEqualTo(3); // each asks for refs, one for objects

    site.refuse(404);

    assertThat(code(workshop.first(work.at("refused").clone(3)))).isEqualTo("not_found");
    assertThat(workshop.home()).containsExactly("again", "site");
  }

  @Test
  void anotherTenantOpensNothingAlsoWhereASnapshotLies() throws Exception {
    var _ = result(workshop.first(work.clone(1)));

    assertThat(code(workshop.next(work.at("theirs").clone(2), "acme"))).isEqualTo("auth_failed");
    assertThat(workshop.home()).containsExactly("site");
  }

  @Test
  void aCredentialThatOpensNothingIsSaidToBeOne() throws Exception {
    workshop.token("ghs_" + "0".repeat(36));

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("auth_failed");
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    assertThat(code(workshop.first(work.clone(1, "nowhere")))).isEqualTo("base_not_found");
    assertThat(code(workshop.first(Work.on(workshop, "nothing").clone(2)))).isEqualTo("not_found");
    assertThat(workshop.home()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"403, forbidden", "429, later rate_limited", "503, later unavailable"})
  void whatTheHostRefusesSaysWhyAndLeavesNothing(int status, String code) throws Exception {
    site.refuse(status);

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo(code);

    site.works();
    assertThat(code(workshop.next(work.clone(1)))).startsWith("succeeded");
    assertThat(workshop.home()).containsExactly("site");
  }

  @Test
  void aCloneThatRunsOutOfTimeLeavesNothing() throws Exception {
    workshop.dueWithin(Duration.ofMinutes(5));
    site.fault("POST /*/*/git-upload-pack", "delay", 2_500, 1_000);
    workshop.timeout(Duration.ofSeconds(1));
    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("later timeout");
    assertThat(workshop.home()).hasSize(1).first().asString().startsWith("site.part-");
    workshop.dueWithin(Duration.ofSeconds(110)); // of which another try takes 100

    assertThat(code(workshop.next(work.clone(1)))).isEqualTo("later timeout");

    assertThat(workshop.home()).isEmpty();
    assertThat(Folders.list(workshop.snapshots().making())).isEmpty();
  }

  @Test
  void whoHasLostItsLeaseBringsNothingInAnyMore() {
    workshop.loseLease();

    assertThatThrownBy(() -> workshop.first(work.clone(1)))
        .isInstanceOf(InterruptedException.class);

    assertThat(workshop.session().writes()).isZero();
  }

  @Test
  void aCloneThatASandboxHasNoRoomForLeavesNothing() throws Exception {
    workshop.fill(); // the next file that is brought in

    assertThatThrownBy(() -> workshop.first(work.clone(1))).hasMessageContaining("full");

    assertThat(workshop.home()).isEmpty();
  }

  @Test
  void aRepositoryThatIsTooLargeIsNotFetchedToItsEnd() throws Exception {
    Path large = Files.createDirectories(directory.resolve("large"));
    var random = new Random(1);
    byte[] bytes = new byte[400_000];
    random.nextBytes(bytes);
    Files.write(large.resolve("noise"), bytes);
    var _ = site.create("large", large);
    workshop.repositoriesOf(100_000);

    assertThat(code(workshop.first(Work.on(workshop, "large").clone(1)))).isEqualTo("too_large");
    assertThat(Folders.list(workshop.snapshots().making())).isEmpty();
    assertThat(workshop.home()).isEmpty();
  }

  @Test
  void whatIsAtThePathIsLeftAlone() throws Exception {
    work.write("mine", "1");

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("validation_failed");
    assertThat(workshop.home()).containsExactly("site");
    assertThat(work.file("mine")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit 127", "echo git version 2.24.4", "echo git version of my own"})
  void aSandboxWithoutGitIsSaidToBeOne(String git) throws Exception {
    workshop.program("git", "#!/bin/sh\n" + git + "\n");

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("git_missing");
    assertThat(site.fetches()).isZero();
  }

  @Test
  void whoCancelsLeavesNothing() throws Exception {
    workshop.cancel();

    assertThat(code(workshop.first(work.clone(1)))).isEqualTo("cancelled");
    assertThat(workshop.home()).isEmpty();
  }

  /// Whoever asks for one has looked at the host before.
  @Test
  void theBranchOfATaskIsLookedForWhenItIsPushed() throws Exception {
    var _ = result(workshop.first(work.clone(1)));
    var _ = site.commit("site", "slipway/task", base);

    assertThat(code(workshop.first(work.branch("slipway/task")))).startsWith("succeeded");
    var _ = work.committed(1, "one");
    assertThat(code(workshop.first(work.push()))).isEqualTo("branch_diverged");
  }

  @Test
  void aBranchThatIsOnTheRemoteOrInTheSandboxIsNotTaken() throws Exception {
    var _ = result(workshop.first(work.clone(1)));
    var _ = site.commit("site", "theirs", base);
    work.inside("commit", "-q", "--allow-empty", "-m", "x");
    work.inside("branch", "own");

    assertThat(code(workshop.first(work.branch("theirs")))).isEqualTo("branch_exists");
    assertThat(code(workshop.first(work.branch("own")))).isEqualTo("branch_exists");
    assertThat(code(workshop.first(work.branch("work")))).startsWith("succeeded");
    assertThat(code(workshop.next(work.branch("work")))).startsWith("succeeded");
    assertThat(code(workshop.first(work.branch("another")))).isEqualTo("branch_exists");
  }
}
