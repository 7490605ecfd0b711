package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitCommit;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// Makes commits again that were made before: of the trees that were told then, which the sandbox
/// still has, they get the ids that they had.
final class Remaking {
  private final Git git;
  private final GitAccess access;
  private final Snapshots snapshots;
  private final CloneAct clones;
  private final long patchBytes;

  Remaking(Git git, GitAccess access, Snapshots snapshots, CloneAct clones, long patchBytes) {
    this.git = git;
    this.access = access;
    this.snapshots = snapshots;
    this.clones = clones;
    this.patchBytes = patchBytes;
  }

  /// A throwaway over what was cloned, which is fetched again if it is no longer here.
  Throwaway over(String tenant, GitCheckout checkout, BooleanSupplier isStopped)
      throws InterruptedException {
    RepositoryUrl url = GitActs.url(checkout);
    GitHost host = GitHost.of(git, access, tenant, url, isStopped);
    var key = new Snapshots.Key(tenant, url.value(), checkout.baseSha(), checkout.depth());
    Path folder = snapshots.scratch();
    boolean isTaken = false;
    try {
      Throwaway throwaway =
          Throwaway.over(git, folder, clones.snapshot(host, key), checkout.baseSha(), isStopped);
      isTaken = true;
      return throwaway;
    } finally {
      if (!isTaken) {
        Folders.delete(folder);
      }
    }
  }

  /// Makes all commits of a checkout again.
  void remake(Throwaway throwaway, GitCheckout checkout, GitInSandbox inside)
      throws InterruptedException {
    List<GitCommit> commits = checkout.commits();
    for (int n = 0; n < commits.size(); n++) {
      GitCommit commit = commits.get(n);
      GitInSandbox.Patch patch =
          inside.patch(
              checkout.baseSha(),
              new UUID(0, n),
              commit.tree(),
              patchBytes,
              throwaway.file("patch"));
      List<String> made = throwaway.apply(patch.file(), commit);
      CommitAct.check(patch, made.getFirst());
      if (!made.equals(List.of(commit.tree(), commit.sha()))) {
        throw new GitException(
            GitCode.INTERNAL,
            "A commit was not the same when it was made again: commit once more.");
      }
    }
  }
}
