package dev.slipway.sandbox.git;

import dev.slipway.sandbox.sandbox.GitCommit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A bare repository for one patch or a few, which borrows what a snapshot has and leaves it as it
/// is. Nothing is ever checked out in it.
final class Throwaway implements AutoCloseable {
  /// What SIGXFSZ ended, as a shell has it.
  private static final int TOO_MUCH = 128 + 25;

  private static final String APPLY = GitScript.read("apply.sh");
  private static final int UNFIT = 70;

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
      Git git, Path folder, Snapshots.Borrowed snapshot, String base, BooleanSupplier isStopped) {
    var throwaway = new Throwaway(git, folder, snapshot, base, isStopped);
    try {
      throwaway.prepare();
      return throwaway;
    } catch (RuntimeException e) {
      throwaway.close();
      throw e;
    }
  }

  private void prepare() {
    Path repository = repository();
    BareRepository.make(repository);
    try {
      Files.writeString(
          repository.resolve("objects/info/alternates"), snapshot.path().resolve("objects") + "\n");
      // nothing of it is to survive a power cut
      Files.writeString(
          repository.resolve("config"), "\tfsync = none\n", StandardOpenOption.APPEND);
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

  /// What the base becomes by a patch.
  ///
  /// @return the tree
  /// @throws GitException it is none, or not for this base
  String apply(Path patch) throws InterruptedException {
    return applied(GitRun.script(APPLY, base, patch.toString())).getFirst();
  }

  /// What the base becomes by a patch, as a commit.
  ///
  /// @param wanted its id and its tree are not looked at
  /// @return the tree, and the commit
  List<String> apply(Path patch, GitCommit wanted) throws InterruptedException {
    Path message = message(wanted);
    return applied(
        by(
            GitRun.script(APPLY, base, patch.toString(), wanted.parent(), message.toString()),
            wanted));
  }

  private List<String> applied(GitRun run) throws InterruptedException {
    Git.Done done =
        git.run(run.in(repository()).with("GIT_INDEX_FILE", file("index").toString()), isStopped);
    if (done.exit() == UNFIT) {
      throw new GitException(
          GitCode.VALIDATION_FAILED,
          "What the sandbox says has changed does not fit what was cloned: its repository was"
              + " tampered with.");
    }
    if (done.exit() != 0) {
      throw Complaints.of(done.errors());
    }
    return done.output().lines().toList();
  }

  /// Makes a commit: the same of the same.
  ///
  /// @param wanted its id is not looked at
  /// @return its id
  String commit(GitCommit wanted) throws InterruptedException {
    Path message = message(wanted);
    return run(by(
            GitRun.of(
                "commit-tree", wanted.tree(), "-p", wanted.parent(), "-F", message.toString()),
            wanted))
        .line();
  }

  private Path message(GitCommit wanted) {
    try {
      return Files.writeString(file("message"), wanted.message(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GitRun by(GitRun run, GitCommit wanted) {
    String at = wanted.at().getEpochSecond() + " +0000";
    return run.with("GIT_AUTHOR_NAME", wanted.author().name())
        .with("GIT_AUTHOR_EMAIL", wanted.author().email())
        .with("GIT_AUTHOR_DATE", at)
        .with("GIT_COMMITTER_NAME", wanted.author().name())
        .with("GIT_COMMITTER_EMAIL", wanted.author().email())
        .with("GIT_COMMITTER_DATE", at);
  }

  /// Runs git in it, and has it say by its status how it ended.
  Git.Done end(GitRun run) throws InterruptedException {
    return git.run(run.in(repository()), isStopped);
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
