package dev.slipway.sandbox.git;

import dev.slipway.sandbox.sandbox.GitCommit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/// A bare repository for one patch or a few, which borrows what a snapshot has and leaves it as it
/// is. Nothing is ever checked out in it.
final class Throwaway implements AutoCloseable {
  /// What SIGXFSZ ended, as a shell has it.
  private static final int TOO_MUCH = 128 + 25;

  private final Git git;
  private final Path folder;
  private final Snapshots.Borrowed snapshot;
  private final String base;
  private final BooleanSupplier isStopped;

  private Throwaway(
      Git git, Path folder, Snapshots.Borrowed snapshot, String base, BooleanSupplier isStopped) {
    this.git = git;
    this.folder = folder;
    this.snapshot = snapshot;
    this.base = base;
    this.isStopped = isStopped;
  }

  /// @param folder an empty one, which goes with it
  /// @param snapshot which is given back with it
  /// @param base a commit that the snapshot has
  static Throwaway over(
      Git git, Path folder, Snapshots.Borrowed snapshot, String base, BooleanSupplier isStopped)
      throws InterruptedException {
    var throwaway = new Throwaway(git, folder, snapshot, base, isStopped);
    try {
      throwaway.prepare();
      return throwaway;
    } catch (InterruptedException | RuntimeException e) {
      throwaway.close();
      throw e;
    }
  }

  private void prepare() throws InterruptedException {
    Path repository = repository();
    var _ =
        git.succeed(
            GitRun.of("init", "--quiet", "--bare", "--template=", repository.toString()),
            isStopped);
    try {
      Files.writeString(
          Files.createDirectories(repository.resolve("objects/info")).resolve("alternates"),
          snapshot.path().resolve("objects") + "\n");
      // nothing of it is to survive a power cut
      Files.writeString(
          repository.resolve("config"), "[core]\n\tfsync = none\n", StandardOpenOption.APPEND);
      Path shallow = snapshot.path().resolve("shallow");
      if (Files.exists(shallow)) {
        var _ = Files.copy(shallow, repository.resolve("shallow"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path repository() {
    return folder.resolve("repository");
  }

  /// A file in it that nothing else uses.
  Path file(String name) {
    return folder.resolve(name);
  }

  String base() {
    return base;
  }

  /// The tree of a commit.
  String treeOf(String commit) throws InterruptedException {
    return run(GitRun.of("rev-parse", "--verify", "--quiet", commit + "^{tree}")).line();
  }

  /// What the base becomes by a patch.
  ///
  /// @return the tree
  /// @throws GitException it is none, or not for this base
  String apply(Path patch) throws InterruptedException {
    Path index = file("index");
    var _ = run(GitRun.of("read-tree", base).with("GIT_INDEX_FILE", index.toString()));
    try {
      if (Files.size(patch) > 0) {
        Git.Done done =
            git.run(
                GitRun.of("apply", "--cached", "--binary", "--whitespace=nowarn", patch.toString())
                    .in(repository())
                    .with("GIT_INDEX_FILE", index.toString()),
                isStopped);
        if (done.exit() != 0) {
          throw new GitException(
              GitCode.VALIDATION_FAILED,
              "What the sandbox says has changed does not fit what was cloned: its repository was"
                  + " tampered with.");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run(GitRun.of("write-tree").with("GIT_INDEX_FILE", index.toString())).line();
  }

  /// Makes a commit: the same of the same.
  ///
  /// @param wanted its id is not looked at
  /// @return its id
  String commit(GitCommit wanted) throws InterruptedException {
    Path message = file("message");
    try {
      Files.writeString(message, wanted.message(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String at = wanted.at().getEpochSecond() + " +0000";
    return run(GitRun.of(
                "commit-tree", wanted.tree(), "-p", wanted.parent(), "-F", message.toString())
            .with("GIT_AUTHOR_NAME", wanted.author().name())
            .with("GIT_AUTHOR_EMAIL", wanted.author().email())
            .with("GIT_AUTHOR_DATE", at)
            .with("GIT_COMMITTER_NAME", wanted.author().name())
            .with("GIT_COMMITTER_EMAIL", wanted.author().email())
            .with("GIT_COMMITTER_DATE", at))
        .line();
  }

  /// Runs git in it and wants it to succeed.
  Git.Done run(GitRun run) throws InterruptedException {
    return git.succeed(run.in(repository()), isStopped);
  }

  /// Runs git in it, which prints into a file.
  ///
  /// @return whether that is all: it is stopped when it has more
  boolean prints(GitRun run, Path file, long mostBytes) throws InterruptedException {
    Git.Done done = git.run(run.in(repository()).into(file).within(mostBytes), isStopped);
    if (done.exit() != 0 && done.exit() != TOO_MUCH) {
      throw Complaints.of(done.errors());
    }
    return done.exit() == 0;
  }

  @Override
  public void close() {
    try {
      Folders.delete(folder);
    } finally {
      snapshot.close();
    }
  }
}
