package dev.slipway.pr.pullrequest;

import dev.slipway.pr.sandbox.SandboxOwner;
import org.jspecify.annotations.Nullable;

/// Whom events of a repository's pull requests are for. They are read when a batch is: what is
/// published before a link is known lacks it.
record Owners(Tasks tasks, Sandboxes sandboxes) {
  static final Owners NONE = new Owners(Tasks.NONE, Sandboxes.NONE);

  /// That of a pull request: its task's, and its own sandbox if it has one; else its sandbox's.
  @Nullable Owner of(long repositoryId, Summary pullRequest) {
    long number = pullRequest.number();
    Owner task = tasks.of(repositoryId, pullRequest);
    if (task != null) {
      return task.in(sandboxes.byNumber().get(number));
    }
    SandboxOwner sandbox = sandboxes.of(number);
    return sandbox == null ? null : Owner.of(sandbox);
  }
}
