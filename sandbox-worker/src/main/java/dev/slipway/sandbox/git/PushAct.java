package dev.slipway.sandbox.git;

import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Brings a branch to the remote: exactly one commit to exactly one branch. It never takes anything
/// away: the host moves the branch only from where it was seen, and that is below the commit.
///
/// | the branch on the remote | what is done |
/// |---|---|
/// | is not there, but an earlier worker may have pushed it, and there is a pull request of that very commit | nothing: it was merged or closed since, and the branch removed |
/// | is not there, or at an earlier commit of ours | pushed |
/// | is at ours, or beyond it | nothing: it is there |
/// | is anywhere else | `branch_diverged` |
final class PushAct {
  /// Clocks differ, and a process takes a moment to end.
  private static final Duration MARGIN = Duration.ofSeconds(3);

  private final Git git;
  private final Git pushing;
  private final GitAccess access;
  private final Remaking remaking;
  private final FormerPushes former;

  /// @param pushing with which it pushes, so that it is over in time
  PushAct(Git git, Git pushing, GitAccess access, Remaking remaking, FormerPushes former) {
    this.git = git;
    this.pushing = pushing;
    this.access = access;
    this.remaking = remaking;
    this.former = former;
  }

  GitResult act(
      LeasedOperation operation,
      SandboxOperation.Push wanted,
      GitCheckout checkout,
      GitInSandbox inside,
      Hold hold)
      throws InterruptedException {
    String branch = checkout.branch();
    if (branch == null) {
      throw new GitException(
          GitCode.NOT_FOUND,
          "There is no branch to push: make one for %s.".formatted(wanted.path()));
    }
    if (checkout.commits().isEmpty()) {
      throw new GitException(
          GitCode.NOTHING_TO_COMMIT, "There is nothing to push: commit something first.");
    }
    String tenant = operation.aggregate().tenant();
    BooleanSupplier isStopped = hold::isCancelled;
    GitHost host = GitHost.of(git, access, tenant, GitActs.url(checkout), isStopped);
    String sha = checkout.tip();
    var done = new GitResult.Pushed(wanted.path(), branch, sha);
    boolean mayHaveBeenPushed = operation.epoch() > 1;
    // nobody has pushed yet: that there is no such branch is for the push itself to say
    boolean isFirst = !mayHaveBeenPushed && checkout.commits().size() == 1;
    Optional<GitHost.Tip> tip = isFirst ? Optional.empty() : host.tip(branch);
    if (tip.isPresent() && tip.get().sha().equals(sha)) {
      return done;
    }
    if (tip.isEmpty()
        && mayHaveBeenPushed
        && former.came(tenant, GitActs.url(checkout), branch, sha)) {
      return done;
    }
    try (Throwaway throwaway = remaking.over(tenant, checkout, isStopped)) {
      remaking.remake(throwaway, checkout, inside);
      if (isFirst) {
        if (push(host, throwaway, checkout, null, hold)) {
          return done;
        }
        tip = host.tip(branch);
      }
      if (tip.isPresent() && !isOurs(checkout, tip.get())) {
        if (host.descends(throwaway.repository(), tip.get(), sha)) {
          return done;
        }
        throw new GitException(
            GitCode.BRANCH_DIVERGED,
            "Somebody else has branch %s on the remote: clone again and make another branch."
                .formatted(branch));
      }
      if (!push(host, throwaway, checkout, tip.map(GitHost.Tip::sha).orElse(null), hold)) {
        throw Complaints.hasMoved();
      }
    }
    return done;
  }

  private boolean push(
      GitHost host, Throwaway throwaway, GitCheckout checkout, @Nullable String from, Hold hold)
      throws InterruptedException {
    // one that came late would bring back what somebody has taken away meanwhile
    Duration longest = pushing.timeout().plus(Git.GRACE).plus(MARGIN);
    return host.push(
        pushing,
        throwaway.repository(),
        checkout.tip(),
        String.valueOf(checkout.branch()),
        from,
        () -> hold.holdFor(longest));
  }

  private static boolean isOurs(GitCheckout checkout, GitHost.Tip tip) {
    return checkout.commits().stream().map(GitCommit::sha).anyMatch(tip.sha()::equals);
  }
}
