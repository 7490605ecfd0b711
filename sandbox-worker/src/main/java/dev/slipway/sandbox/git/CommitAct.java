package dev.slipway.sandbox.git;

import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.git.GitActs.Place;
import dev.slipway.sandbox.sandbox.GitAuthor;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Makes a commit of what was changed in a sandbox. Nothing of it is kept here: whoever needs it
/// makes the same again.
final class CommitAct {
  private static final GitAuthor SLIPWAY =
      new GitAuthor("Slipway", "slipway@users.noreply.github.com");

  /// A patch may be packed, and the files whole.
  private static final int MOST_UNPACKED = 4;

  private final Remaking remaking;
  private final List<String> workflows;
  private final long patchBytes;
  private final InstantSource clock;

  /// @param workflows tenants that may change them
  CommitAct(Remaking remaking, List<String> workflows, long patchBytes, InstantSource clock) {
    this.remaking = remaking;
    this.workflows = List.copyOf(workflows);
    this.patchBytes = patchBytes;
    this.clock = clock;
  }

  GitResult act(
      LeasedOperation operation,
      SandboxOperation.Commit wanted,
      GitCheckout checkout,
      Place place,
      GitInSandbox inside,
      Hold hold)
      throws InterruptedException {
    if (checkout.commits().size() >= GitCheckout.MOST_COMMITS) {
      throw new GitException(
          GitCode.TOO_LARGE,
          "%d commits came out of %s, and there may be no more: clone it again."
              .formatted(GitCheckout.MOST_COMMITS, wanted.path()));
    }
    Withheld secrets = Withheld.of(place.secrets());
    GitAuthor author = wanted.author() == null ? SLIPWAY : wanted.author();
    secrets.check("the commit's message", wanted.message());
    secrets.check("the commit's author", author.name() + "\n" + author.email());
    String tenant = operation.aggregate().tenant();
    BooleanSupplier isStopped = hold::isCancelled;
    try (Throwaway throwaway = remaking.over(tenant, checkout, isStopped)) {
      GitInSandbox.Patch patch =
          inside.patch(
              checkout.baseSha(), operation.id(), null, patchBytes, throwaway.file("patch"));
      String tree = throwaway.apply(patch.file());
      check(patch, tree);
      Changes changes = Changes.between(throwaway, checkout.baseSha(), tree);
      if (checkout.tipTree() == null
          ? changes.files().isEmpty()
          : tree.equals(checkout.tipTree())) {
        throw new GitException(
            GitCode.NOTHING_TO_COMMIT, "Nothing was changed since the last commit.");
      }
      changes.check(throwaway, workflows.contains(tenant), secrets, MOST_UNPACKED * patchBytes);
      int files = changes.files().size();
      String told = PatchToTell.of(throwaway, checkout.baseSha(), tree, secrets).orElse(null);
      if (checkout.tipTree() != null) {
        remaking.remake(throwaway, checkout, inside);
        files = Changes.between(throwaway, checkout.tipTree(), tree).files().size();
      }
      Instant at = at(operation, wanted);
      hold.noteNow(GitNote.of(at));
      var commit = new GitCommit("", tree, checkout.tip(), wanted.message(), author, at);
      return new GitResult.Committed(wanted.path(), named(throwaway, commit), files, told);
    }
  }

  /// Of one that nobody gave a date, the worker that comes after is to make the same.
  private Instant at(LeasedOperation operation, SandboxOperation.Commit wanted) {
    Instant given = wanted.at();
    return given != null
        ? given
        : GitNote.at(operation.note())
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /// @param tree that it leads to
  static void check(GitInSandbox.Patch patch, String tree) {
    if (!tree.equals(patch.tree())) {
      throw new GitException(
          GitCode.VALIDATION_FAILED,
          "What the sandbox says has changed is not all of it: its repository was tampered with.");
    }
  }

  private static GitCommit named(Throwaway throwaway, GitCommit commit)
      throws InterruptedException {
    return new GitCommit(
        throwaway.commit(commit),
        commit.tree(),
        commit.parent(),
        commit.message(),
        commit.author(),
        commit.at());
  }
}
