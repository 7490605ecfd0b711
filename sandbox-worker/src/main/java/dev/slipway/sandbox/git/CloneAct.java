package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Brings a repository into a sandbox. Whoever takes over goes on where the one before was: it is
/// the same commit, parts that have arrived stay, and what was renamed is only checked out again.
final class CloneAct {
  private static final int MOST_SUBMODULES = 100;

  /// Longer than any pause between two tries.
  private static final Duration LAST_TRY = Duration.ofMinutes(1);

  private final Git git;
  private final GitAccess access;
  private final Snapshots snapshots;
  private final long largestBytes;
  private final LfsAct lfs;
  private final InstantSource clock;

  CloneAct(
      Git git,
      GitAccess access,
      Snapshots snapshots,
      long largestBytes,
      LfsAct lfs,
      InstantSource clock) {
    this.git = git;
    this.access = access;
    this.snapshots = snapshots;
    this.largestBytes = largestBytes;
    this.lfs = lfs;
    this.clock = clock;
  }

  GitResult act(
      LeasedOperation operation, SandboxOperation.Clone wanted, GitInSandbox inside, Hold hold)
      throws InterruptedException {
    try {
      return clone(operation, wanted, inside, hold);
    } catch (StoppedException
        | GitException
        | ProviderRefusedException
        | ProviderUnavailableException e) {
      if (!isPassing(e) || isLastTry(operation.dueAt())) {
        abandon(inside, e);
      }
      throw e;
    }
  }

  private static boolean isPassing(RuntimeException why) {
    return why instanceof ProviderUnavailableException
        || (why instanceof GitException failed && failed.code().isPassing());
  }

  private boolean isLastTry(@Nullable Instant dueAt) {
    return dueAt != null && clock.instant().plus(LAST_TRY).isAfter(dueAt);
  }

  /// A sandbox that is gone has nothing left of it either.
  private static void abandon(GitInSandbox inside, RuntimeException why) {
    try {
      inside.abandon();
    } catch (ProviderRefusedException | ProviderUnavailableException e) {
      why.addSuppressed(e);
    }
  }

  private GitResult clone(
      LeasedOperation operation, SandboxOperation.Clone wanted, GitInSandbox inside, Hold hold)
      throws InterruptedException {
    String tenant = operation.aggregate().tenant();
    BooleanSupplier isStopped = hold::isCancelled;
    RepositoryUrl url =
        RepositoryUrl.parse(wanted.repositoryUrl())
            .orElseThrow(() ->
                new GitException(GitCode.VALIDATION_FAILED, "That is no repository's address."));
    // before anything is fetched or sent
    GitInSandbox.Arrived arrived = inside.look();
    GitHost host = GitHost.of(git, access, tenant, url, isStopped);
    // asked again by whoever takes over: nobody is served what he could not fetch now
    GitHost.Tip now = host.base(wanted.branch());
    GitHost.Tip base = GitNote.base(operation.note()).orElse(now);
    hold.noteNow(GitNote.of(base));
    var left = new AtomicInteger(MOST_SUBMODULES);
    var one = new One(tenant, url, base, wanted.depth(), wanted.submodules(), wanted.lfs());
    bring(one, host, arrived, inside, left, hold);
    return new GitResult.Cloned(
        wanted.path(), url.value(), base.branch(), base.sha(), wanted.depth());
  }

  /// A repository that goes in, with those within it if they are wanted.
  private record One(
      String tenant,
      RepositoryUrl url,
      GitHost.Tip base,
      int depth,
      boolean submodules,
      boolean lfs) {
    One within(Submodules.Submodule submodule) {
      return new One(
          tenant, submodule.url(), new GitHost.Tip("", submodule.sha()), depth, submodules, lfs);
    }
  }

  /// @param left how many more repositories there may be within
  private void bring(
      One one,
      GitHost host,
      GitInSandbox.Arrived arrived,
      GitInSandbox inside,
      AtomicInteger left,
      Hold hold)
      throws InterruptedException {
    BooleanSupplier isStopped = hold::isCancelled;
    String sha = one.base().sha();
    var key = new Snapshots.Key(one.tenant(), one.url().value(), sha, one.depth());
    Submodules within = new Submodules(List.of());
    try (Snapshots.Borrowed snapshot = snapshot(host, key)) {
      if (arrived instanceof GitInSandbox.Arrived.Parts(Set<String> there)) {
        Parts parts = snapshot.parts();
        for (Parts.Part part : parts.all()) {
          if (isStopped.getAsBoolean()) {
            throw new StoppedException();
          }
          if (!hold.isHeld()) {
            // who has it now has renamed them: what came late would lie there for ever
            throw new InterruptedException("the lease is another's");
          }
          if (!there.contains(part.line())) {
            send(part, inside);
          }
        }
        inside.place(parts.lines(), sha, one.base().branch(), one.url().value() + ".git");
      }
      inside.checkOut(sha);
      if (one.lfs()) {
        lfs.bring(host, snapshot.path(), sha, inside, isStopped);
      }
      if (one.submodules()) {
        within = Submodules.of(git, snapshot.path(), sha, one.url(), isStopped);
      }
    }
    for (Submodules.Submodule submodule : within.all()) {
      if (left.decrementAndGet() < 0) {
        throw new GitException(
            GitCode.TOO_LARGE,
            "There are more than %d submodules: clone without them.".formatted(MOST_SUBMODULES));
      }
      GitInSandbox below = inside.below(submodule.path());
      GitInSandbox.Arrived so = below.look();
      GitHost at = GitHost.of(git, access, one.tenant(), submodule.url(), isStopped);
      at.reach();
      bring(one.within(submodule), at, so, below, left, hold);
    }
  }

  /// The snapshot of a commit, fetched unless it is there. Who is given it has asked the remote
  /// before, with his own credential.
  Snapshots.Borrowed snapshot(GitHost host, Snapshots.Key key) throws InterruptedException {
    return snapshots.borrow(
        key, folder -> host.fetch(folder, key.sha(), key.depth(), largestBytes));
  }

  private static void send(Parts.Part part, GitInSandbox inside) {
    try (InputStream content = part.open()) {
      inside.send(part.name(), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
