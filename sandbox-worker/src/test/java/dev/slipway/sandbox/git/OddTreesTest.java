package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What leaves is what was there.
@Tag("slow")
class OddTreesTest {
  private static final List<String> NAMES =
      List.of(
          "plain",
          "with space",
          "tab\there",
          "line\nfeed",
          "\"quoted\"",
          "back\\slash",
          "ümläut",
          "-dash",
          "a/b/c/deep",
          "a/b/other",
          "*star",
          ":colon",
          "crlf.txt",
          "trailing ",
          "~tilde",
          "b/dev/null",
          ".gitignore",
          "e\u0301 combining");

  private static final int KINDS = 8;

  @TempDir private Path directory;

  @Test
  void thePushedTreeIsTheSandboxsIndex() throws Exception {
    try (var site = new Site(directory.resolve("site"));
        var workshop = new Workshop(directory, site)) {
      Path content = Files.createDirectories(directory.resolve("content"));
      for (int n = 0; n < NAMES.size(); n += 2) {
        change(content, n, n);
      }
      Files.writeString(
          content.resolve(".gitattributes"), "*.txt text eol=crlf\nplain -diff\n\"a b\" binary\n");
      var _ = site.create("odd", content);
      var run = new AtomicInteger();
      qt().withExamples(12)
          .withShrinkCycles(0)
          .forAll(
              lists().of(integers().between(0, NAMES.size() * KINDS - 1)).ofSizeBetween(1, 12),
              integers().between(0, 1))
          .checkAssert(
              (changes, commits) -> leaves(workshop, run.incrementAndGet(), changes, commits == 1));
    }
  }

  @Test
  void soDoFiveThousandFiles() throws Exception {
    try (var site = new Site(directory.resolve("site"));
        var workshop = new Workshop(directory, site)) {
      workshop.patchesOf(16 << 20);
      Path content = Files.createDirectories(directory.resolve("content"));
      Files.writeString(content.resolve("one"), "1");
      var _ = site.create("odd", content);
      Work work = cloned(workshop, 1);
      for (int n = 0; n < 5_000; n++) {
        work.write("dir%d/file%d".formatted(n % 50, n), "content " + n + "\n");
      }

      GitResult.Committed committed = committed(work, 1);

      assertThat(committed.filesChanged()).isEqualTo(5_000);
      assertPushed(work, committed.commit());
    }
  }

  private static void leaves(
      Workshop workshop, int run, List<Integer> changes, boolean runnerCommits) {
    try {
      Work work = cloned(workshop, run);
      for (int change : changes) {
        change(work.file(""), change % NAMES.size(), change);
      }
      work.write("always", Integer.toString(run));
      if (runnerCommits) {
        work.inside("add", "-A");
        work.inside("commit", "-q", "-m", "the runner's own");
      }
      assertPushed(work, committed(work, run).commit());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertPushed(Work work, GitCommit commit) throws InterruptedException {
    work.pushed();
    // as the runner himself would have it
    work.inside("add", "-A");
    assertThat(work.remote("rev-parse", commit.sha() + "^{tree}"))
        .isEqualTo(commit.tree())
        .isEqualTo(work.inside("write-tree"));
  }

  private static Work cloned(Workshop workshop, int run) throws InterruptedException {
    Work work = Work.on(workshop, "odd").at("odd" + run);
    var _ = Work.result(workshop.first(work.clone(run)));
    var _ = Work.result(workshop.first(work.branch("work" + run)));
    return work;
  }

  private static GitResult.Committed committed(Work work, int run) throws InterruptedException {
    return (GitResult.Committed) Work.result(work.workshop().first(work.commit(run, "change")));
  }

  /// Makes something of one name: a text, bytes, nothing at all, a link, a program.
  private static void change(Path root, int name, int seed) throws IOException {
    Path file = root.resolve(NAMES.get(name));
    if (Files.isDirectory(file) || Files.isRegularFile(file.getParent())) {
      return;
    }
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    var random = new Random(seed);
    switch (seed % KINDS) {
      case 0 -> Files.writeString(file, "line\r\nline " + seed + "\nno end");
      case 1 -> {
        byte[] bytes = new byte[3_000];
        random.nextBytes(bytes);
        Files.write(file, bytes);
      }
      case 2 -> Files.createFile(file);
      case 3 -> Files.createSymbolicLink(file, Path.of("../../etc/passwd"));
      case 4 -> {
        Files.writeString(file, "#!/bin/sh\n");
        file.toFile().setExecutable(true);
      }
      case 5 -> Files.write(file, "latin \u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
      case 6 -> Files.writeString(file, "many\n".repeat(1 + random.nextInt(2_000)) + " \t \n");
      default -> {
        // it stays away
      }
    }
  }
}
