package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
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
    try (var workshop = new Workshop(directory)) {
      Path content = Files.createDirectories(directory.resolve("content"));
      for (int n = 0; n < NAMES.size(); n += 2) {
        change(content, n, n);
      }
      Files.writeString(
          content.resolve(".gitattributes"), "*.txt text eol=crlf\nplain -diff\n\"a b\" binary\n");
      var _ = workshop.server().create("acme/odd", content);
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
    try (var workshop = new Workshop(directory)) {
      workshop.patchesOf(16 << 20);
      Path content = Files.createDirectories(directory.resolve("content"));
      Files.writeString(content.resolve("one"), "1");
      var _ = workshop.server().create("acme/odd", content);
      Path path = cloned(workshop, 1);
      for (int n = 0; n < 5_000; n++) {
        Path file = path.resolve("dir" + n % 50).resolve("file" + n);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "content " + n + "\n");
      }

      GitResult.Committed committed = committed(workshop, path, 1);

      assertThat(committed.filesChanged()).isEqualTo(5_000);
      assertPushed(workshop, path, 1, committed.commit());
    }
  }

  private static void leaves(
      Workshop workshop, int run, List<Integer> changes, boolean runnerCommits) {
    try {
      Path path = cloned(workshop, run);
      for (int change : changes) {
        change(path, change % NAMES.size(), change);
      }
      Files.writeString(path.resolve("always"), Integer.toString(run));
      if (runnerCommits) {
        GitServer.git(path, "add", "-A");
        GitServer.git(path, "commit", "-q", "-m", "the runner's own");
      }
      GitCommit commit = committed(workshop, path, run).commit();
      assertPushed(workshop, path, run, commit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertPushed(Workshop workshop, Path path, int run, GitCommit commit)
      throws InterruptedException {
    var _ = worked(workshop, new SandboxOperation.Push(new UUID(4, run), path.toString()));
    // as the runner himself would have it
    GitServer.git(path, "add", "-A");
    String index = GitServer.git(path, "write-tree");
    assertThat(
            GitServer.git(
                workshop.server().bare("acme/odd"), "rev-parse", "work" + run + "^{tree}"))
        .isEqualTo(commit.tree())
        .isEqualTo(index);
  }

  private static Path cloned(Workshop workshop, int run) throws InterruptedException {
    Path path = workshop.path("odd" + run);
    var _ =
        worked(
            workshop,
            new SandboxOperation.Clone(
                new UUID(1, run),
                path.toString(),
                workshop.server().url("acme/odd"),
                null,
                1,
                false,
                false));
    var _ =
        worked(
            workshop, new SandboxOperation.Branch(new UUID(2, run), path.toString(), "work" + run));
    return path;
  }

  private static GitResult.Committed committed(Workshop workshop, Path path, int run)
      throws InterruptedException {
    return (GitResult.Committed)
        worked(
            workshop,
            new SandboxOperation.Commit(new UUID(3, run), path.toString(), "change", null));
  }

  private static GitResult worked(Workshop workshop, SandboxOperation.Git wanted)
      throws InterruptedException {
    Outcome<SandboxInput> outcome = workshop.first(wanted);
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return ((SandboxInput.Worked) ((Outcome.Succeeded<SandboxInput>) outcome).input()).result();
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
