package dev.slipway.localgithub.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// All git repositories of a server, by the ids of what they belong to.
public final class GitFolder {
  private static final String HOOK = "update";

  private final Path folder;
  private final Path hooks;
  private final Git git;

  private GitFolder(Path folder, Path hooks, Git git) {
    this.folder = folder;
    this.hooks = hooks;
    this.git = git;
  }

  public static GitFolder open(Path given, Git git) {
    Path folder = given.toAbsolutePath(); // git looks for hooks from where the repository is
    Path hooks = folder.resolve("hooks");
    try (InputStream script = GitFolder.class.getResourceAsStream(HOOK)) {
      Files.createDirectories(hooks);
      Path hook = hooks.resolve(HOOK);
      Files.copy(
          Optional.ofNullable(script).orElseThrow(), hook, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
      GitFolder opened = new GitFolder(folder, hooks, git);
      opened.clear();
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + folder, e);
    }
  }

  /// Deletes what a killed process was making or deleting.
  private void clear() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry :
          entries.filter(entry -> entry.getFileName().toString().startsWith(".")).toList()) {
        delete(entry);
      }
    }
  }

  public GitRepository of(long id) {
    return new GitRepository(folder.resolve(id + ".git"), hooks, git);
  }

  /// Makes an empty one, whole or not at all.
  public GitRepository create(long id, String defaultBranch) {
    GitRepository repository = of(id);
    try {
      Path draft = Files.createTempDirectory(folder, ".draft");
      new GitRepository(draft, hooks, git).init(defaultBranch);
      Files.move(draft, repository.directory(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return repository;
  }

  /// Makes a copy of one, whole or not at all.
  public GitRepository fork(long id, long of, String defaultBranch) {
    GitRepository repository = of(id);
    try {
      Path draft = Files.createTempDirectory(folder, ".draft");
      GitRepository copy = new GitRepository(draft, hooks, git);
      copy.init(defaultBranch);
      copy.fetch(of(of), "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*");
      Files.move(draft, repository.directory(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return repository;
  }

  public void delete(long id) {
    try {
      Path gone = folder.resolve(".gone-" + id);
      Files.move(of(id).directory(), gone, StandardCopyOption.ATOMIC_MOVE);
      delete(gone);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
