package dev.slipway.sandbox.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a patch changes, looked at before it leaves.
///
/// | what | refused as |
/// |---|---|
/// | a repository within the repository: a gitlink that is new, gone or another | `validation_failed` |
/// | a path that LFS has, before or after | `validation_failed` |
/// | a value of a secret, as it is | `validation_failed` |
/// | workflows or actions, unless the tenant may | `push_rejected` |
///
/// @param files each changed one
record Changes(List<File> files) {
  private static final String GITLINK = "160000";
  private static final String NOTHING = "0".repeat(40);
  private static final String INSPECT = GitScript.read("inspect.sh");
  private static final int TOO_LARGE = 71;

  Changes {
    files = List.copyOf(files);
  }

  /// A changed file.
  ///
  /// @param path its bytes, each as a character
  /// @param blob what it holds now; zeros when it is gone
  record File(String modeBefore, String modeAfter, String blob, String path) {
    boolean isGone() {
      return blob.equals(NOTHING);
    }

    boolean isGitlink() {
      return modeBefore.equals(GITLINK) || modeAfter.equals(GITLINK);
    }
  }

  static Changes between(Throwaway throwaway, String before, String after)
      throws InterruptedException {
    String raw =
        throwaway
            .run(
                GitRun.of(
                    "diff-tree",
                    "-r",
                    "-z",
                    "--raw",
                    "--no-renames",
                    "--full-index",
                    before,
                    after))
            .output();
    var files = new ArrayList<File>();
    String[] parts = raw.split("\0", -1);
    for (int i = 0; i + 1 < parts.length; i += 2) {
      String[] entry = parts[i].substring(1).split(" ", -1);
      files.add(new File(entry[0], entry[1], entry[3], parts[i + 1]));
    }
    return new Changes(files);
  }

  /// Refuses what may not leave.
  ///
  /// @param mostBytes of all changed files together
  void check(Throwaway throwaway, boolean mayChangeWorkflows, Withheld secrets, long mostBytes)
      throws InterruptedException {
    for (File file : files) {
      if (file.isGitlink()) {
        throw refused(
            GitCode.VALIDATION_FAILED, file, "is a repository of its own: remove its .git");
      }
      if (!mayChangeWorkflows && isWorkflow(file.path())) {
        throw refused(GitCode.PUSH_REJECTED, file, "may not be changed: leave it as it was");
      }
    }
    inspect(throwaway, secrets, mostBytes);
  }

  private static boolean isWorkflow(String path) {
    return path.startsWith(".github/workflows/") || path.startsWith(".github/actions/");
  }

  private void inspect(Throwaway throwaway, Withheld secrets, long mostBytes)
      throws InterruptedException {
    Path attributes = throwaway.file("attributes");
    Path contents = throwaway.file("contents");
    Path names = throwaway.file("names");
    write(names, files.stream().map(File::path).collect(Collectors.joining("\0", "", "\0")));
    Path blobs = throwaway.file("blobs");
    write(
        blobs,
        files.stream()
            .filter(file -> !file.isGone())
            .map(file -> file.blob() + "\n")
            .collect(Collectors.joining()));
    Git.Done done =
        throwaway.end(
            GitRun.script(
                    INSPECT,
                    throwaway.base(),
                    throwaway.file("index-before").toString(),
                    names.toString(),
                    blobs.toString(),
                    attributes.toString(),
                    Long.toString(mostBytes),
                    secrets.isEmpty() ? "" : contents.toString())
                .with("GIT_INDEX_FILE", throwaway.file("index").toString()));
    if (done.exit() != 0 && done.exit() != TOO_LARGE) {
      throw Complaints.of(done.errors());
    }
    checkLfs(attributes);
    if (done.exit() == TOO_LARGE) {
      throw new GitException(
          GitCode.TOO_LARGE,
          "The changed files have more than %d MiB together: leave some out."
              .formatted(mostBytes >> 20));
    }
    checkSecrets(secrets, contents);
  }

  /// @param attributes path, name and value of each, before and after
  private static void checkLfs(Path attributes) {
    String[] told = Git.printed(attributes).split("\0", -1);
    for (int i = 0; i + 2 < told.length; i += 3) {
      if (told[i + 2].equals("lfs")) {
        throw new GitException(
            GitCode.VALIDATION_FAILED,
            "%s is kept by LFS, and what changes there cannot leave: leave it as it was."
                .formatted(readable(told[i])));
      }
    }
  }

  private void checkSecrets(Withheld secrets, Path contents) {
    if (secrets.isEmpty()) {
      return;
    }
    String names = files.stream().map(File::path).collect(Collectors.joining("\n"));
    if (secrets.isIn(names.getBytes(StandardCharsets.ISO_8859_1)) || secrets.isIn(contents)) {
      throw new GitException(
          GitCode.VALIDATION_FAILED,
          "The value of a secret of this sandbox stands in a changed file: take it out.");
    }
  }

  private static void write(Path file, String bytes) {
    try {
      Files.writeString(file, bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GitException refused(GitCode code, File file, String why) {
    return new GitException(code, "%s %s.".formatted(readable(file.path()), why));
  }

  private static String readable(String path) {
    String text =
        new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
            .replaceAll("[\\p{Cntrl}]", "?");
    return text.substring(0, Math.min(200, text.length()));
  }
}
