package dev.slipway.sandbox.git;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.operation.Hold;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.sandbox.GitCheckout;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.util.Collection;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/// Does what is asked for repositories in sandboxes.
///
/// | what came of it | outcome |
/// |---|---|
/// | done, now or by an earlier worker | succeeded |
/// | no longer wanted | cancelled |
/// | what passes by itself | tried again until the operation is overdue, then failed |
/// | anything else | failed |
public final class GitActs {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Git git;
  private final GitAccess access;
  private final CloneAct clone;
  private final CommitAct commit;
  private final PushAct push;
  private final GitProperties properties;

  GitActs(
      Git git,
      GitAccess access,
      CloneAct clone,
      CommitAct commit,
      PushAct push,
      GitProperties properties) {
    this.git = git;
    this.access = access;
    this.clone = clone;
    this.commit = commit;
    this.push = push;
    this.properties = properties;
  }

  /// What an operation is made with.
  ///
  /// @param checkouts what is known to be in the sandbox
  /// @param secrets values of the sandbox's
  public record Place(
      SandboxSession session, Map<String, GitCheckout> checkouts, Collection<String> secrets) {
    /// Leaves out the values.
    @Override
    public String toString() {
      return "Place" + checkouts.keySet();
    }
  }

  /// Does one.
  public Outcome<SandboxInput> act(
      LeasedOperation operation, SandboxOperation.Git wanted, Place place, Hold hold)
      throws InterruptedException {
    String tenant = operation.aggregate().tenant();
    var inside =
        new GitInSandbox(place.session(), operation.id(), wanted.path(), properties.timeout());
    try {
      GitResult result =
          switch (wanted) {
            case SandboxOperation.Clone one -> clone.act(operation, one, inside, hold);
            case SandboxOperation.Branch one -> branch(tenant, one, place, inside, hold);
            case SandboxOperation.Commit one ->
                commit.act(operation, one, checkout(place, one.path()), place, inside, hold);
            case SandboxOperation.Push one ->
                push.act(operation, one, checkout(place, one.path()), inside, hold);
          };
      return new Outcome.Succeeded<>(new SandboxInput.Worked(operation.id(), result), json(result));
    } catch (StoppedException _) {
      return new Outcome.Cancelled<>(new SandboxInput.OperationCancelled(operation.id()), null);
    } catch (GitException e) {
      return e.code().isPassing()
          ? new Outcome.Later<>(e.failure(), e.retryAfter())
          : new Outcome.Failed<>(e.failure(), null, null);
    }
  }

  private static GitCheckout checkout(Place place, String path) {
    GitCheckout checkout = place.checkouts().get(path);
    if (checkout == null) {
      throw new GitException(
          GitCode.NOT_FOUND, "Nothing was cloned to %s in this sandbox.".formatted(path));
    }
    return checkout;
  }

  private GitResult branch(
      String tenant, SandboxOperation.Branch wanted, Place place, GitInSandbox inside, Hold hold)
      throws InterruptedException {
    GitCheckout checkout = checkout(place, wanted.path());
    Withheld.of(place.secrets()).check("the branch's name", wanted.name());
    if (checkout.branch() != null && !checkout.branch().equals(wanted.name())) {
      throw new GitException(
          GitCode.BRANCH_EXISTS,
          "What comes out of %s goes to branch %s: there is one branch for it."
              .formatted(wanted.path(), checkout.branch()));
    }
    if (checkout.branch() == null) {
      if (isOnHost(tenant, checkout, wanted.name(), hold)) {
        throw new GitException(
            GitCode.BRANCH_EXISTS,
            "The repository has a branch %s: choose another name.".formatted(wanted.name()));
      }
      inside.branch(checkout.baseSha(), wanted.name());
    }
    return new GitResult.BranchCreated(wanted.path(), wanted.name(), checkout.baseSha());
  }

  /// Whoever asks for a task's branch has looked before, and a push finds out in any case.
  private boolean isOnHost(String tenant, GitCheckout checkout, String branch, Hold hold)
      throws InterruptedException {
    BooleanSupplier isStopped = hold::isCancelled;
    return properties.branchPrefix().taskOf(branch).isEmpty()
        && GitHost.of(git, access, tenant, url(checkout), isStopped).tip(branch).isPresent();
  }

  static RepositoryUrl url(GitCheckout checkout) {
    return RepositoryUrl.parse(checkout.repositoryUrl())
        .orElseThrow(
            () -> new GitException(GitCode.VALIDATION_FAILED, "The repository has no address."));
  }

  private static String json(GitResult result) {
    return JSON.writeValueAsString(
        switch (result) {
          case GitResult.Cloned(var path, _, var branch, var head, _) ->
              new ClonedJson(path, branch, head);
          case GitResult.BranchCreated(_, var branch, var head) -> new BranchJson(branch, head);
          case GitResult.Committed(_, var made, var files, _) ->
              new CommittedJson(made.sha(), files);
          case GitResult.Pushed(_, var branch, var sha) -> new PushedJson(branch, sha);
        });
  }

  private record ClonedJson(String path, String branch, String head_sha) {}

  private record BranchJson(String branch, String head_sha) {}

  private record CommittedJson(String sha, int files_changed) {}

  private record PushedJson(String branch, String sha) {}
}
