package dev.slipway.pr.task;

import org.jspecify.annotations.Nullable;

/// Events in a sentence, for people. Pure.
final class TaskMessages {
  private static final int SHORT_SHA = 7;

  private TaskMessages() {}

  /// @param after the state that the event leads to
  static String of(TaskState after, TaskEvent event) {
    return switch (event) {
      case TaskEvent.Created _ -> "Asked for.";
      case TaskEvent.Assigned(_, var agent) ->
          agent == null ? "Begun." : "Assigned to %s.".formatted(agent);
      case TaskEvent.Retried _ -> "To be tried again.";
      case TaskEvent.AttemptBegun(var number, _, var sandbox) ->
          "Attempt %d: %s."
              .formatted(
                  number, sandbox == null ? "looks at what is there" : "a sandbox is being made");
      case TaskEvent.RepositoryRead(var read) ->
          "%s, %d KiB.".formatted(read.fullName(), read.sizeKib());
      case TaskEvent.BranchAdopted(var sha) ->
          "Branch %s is there, at %s: the work need not run again."
              .formatted(after.work().branch(), brief(sha));
      case TaskEvent.SandboxAsked _ -> "A sandbox is being made.";
      case TaskEvent.SandboxReady _ -> "The sandbox runs.";
      case TaskEvent.Cloned(var path, var branch, var sha) ->
          "%s at %s is in %s.".formatted(branch, brief(sha), path);
      case TaskEvent.BranchMade _ -> "Branch %s is made.".formatted(after.work().branch());
      case TaskEvent.CommandEnded(var index) ->
          "Command %d of %d ended with 0."
              .formatted(index + 1, after.requireSpec().runner().lines().size());
      case TaskEvent.Committed(_, var sha, _, var files, _) ->
          "Committed as %s: %d %s.".formatted(brief(sha), files, files == 1 ? "file" : "files");
      case TaskEvent.Pushed(var sha) ->
          "Pushed %s to %s.".formatted(brief(sha), after.work().branch());
      case TaskEvent.OpeningAsked(_, var head, _, _, _) ->
          "A pull request of %s is wanted.".formatted(head);
      case TaskEvent.AttemptFailed(var why, var retryAfter) ->
          "%s Tried again in %d s.".formatted(why.message(), retryAfter.toSeconds());
      case TaskEvent.InReview(var pullRequest, var adopted) ->
          "Pull request #%d is %s.".formatted(pullRequest.number(), adopted ? "there" : "opened");
      case TaskEvent.PullRequestChanged(var pullRequest) ->
          "Pull request #%d is %s.".formatted(pullRequest.number(), pullRequest.state());
      case TaskEvent.PullRequestLookedAt _ -> "The pull request is read from GitHub.";
      case TaskEvent.StrayFound(var number) ->
          "Pull request #%d has no task that wants it: it is closed.".formatted(number);
      case TaskEvent.StrayClosed(var number, var reason) -> strayClosed(number, reason);
      case TaskEvent.Done(var outcome, _) ->
          outcome.equals("merged") ? "Merged." : "There was nothing to change.";
      case TaskEvent.Failed(var why) -> why.message();
      case TaskEvent.Cancelled(var request) ->
          request == null ? "Nobody began with it in time." : "Cancelled.";
      case TaskEvent.Closed _ -> "The pull request was closed without being merged.";
      case TaskEvent.Rejected(_, _, var message) -> message;
    };
  }

  private static String strayClosed(long number, @Nullable TaskFailure reason) {
    return reason == null
        ? "Pull request #%d was closed.".formatted(number)
        : "Pull request #%d was not closed: %s".formatted(number, reason.message());
  }

  private static String brief(String sha) {
    return sha.substring(0, Math.min(SHORT_SHA, sha.length()));
  }
}
