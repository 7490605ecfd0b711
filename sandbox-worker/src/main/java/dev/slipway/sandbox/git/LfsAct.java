package dev.slipway.sandbox.git;

import dev.slipway.sandbox.git.LfsHost.Link;
import dev.slipway.sandbox.git.Pointers.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Puts the contents that LFS keeps in the place of the pointers to them, for reading: what changes
/// there does not leave.
final class LfsAct {
  private static final int BATCH = 100;

  private final Git git;
  private final Snapshots snapshots;
  private final long mostBytes;
  private final Duration timeout;

  /// @param mostBytes of all objects of a repository together
  /// @param timeout of each call to their host
  LfsAct(Git git, Snapshots snapshots, long mostBytes, Duration timeout) {
    this.git = git;
    this.snapshots = snapshots;
    this.mostBytes = mostBytes;
    this.timeout = timeout;
  }

  /// @param repository a snapshot of it
  void bring(
      GitHost host, Path repository, String commit, GitInSandbox inside, BooleanSupplier isStopped)
      throws InterruptedException {
    Path scratch = snapshots.scratch();
    try (LfsHost lfs = host.lfs(timeout)) {
      List<Pointer> all = Pointers.of(git, repository, commit, scratch, isStopped).all();
      if (all.stream().mapToLong(Pointer::sizeBytes).sum() > mostBytes) {
        throw new GitException(
            GitCode.TOO_LARGE,
            "The LFS objects have more than %d MiB together: clone without them."
                .formatted(mostBytes >> 20));
      }
      for (int from = 0; from < all.size(); from += BATCH) {
        List<Pointer> some = all.subList(from, Math.min(all.size(), from + BATCH));
        Map<String, Link> links = lfs.links(some);
        for (Pointer pointer : some) {
          if (isStopped.getAsBoolean()) {
            throw new StoppedException();
          }
          bring(lfs, links, pointer, scratch.resolve("object"), inside);
        }
      }
    } finally {
      Folders.delete(scratch);
    }
  }

  private static void bring(
      LfsHost lfs, Map<String, Link> links, Pointer pointer, Path object, GitInSandbox inside)
      throws InterruptedException {
    Link link = links.get(pointer.oid());
    if (link == null) {
      throw new GitException(
          GitCode.NOT_FOUND,
          "The git host does not have the LFS object of %s.".formatted(pointer.path()));
    }
    lfs.fetch(link, pointer, object);
    try (InputStream content = Files.newInputStream(object)) {
      inside.put(pointer.path(), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
