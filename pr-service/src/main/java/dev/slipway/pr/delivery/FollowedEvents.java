package dev.slipway.pr.delivery;

import java.util.Map;
import java.util.Set;

/// The events and actions that Slipway follows, and what each must have. GitHub adds events,
/// actions and fields without notice: what is not listed is ignored, never an error.
///
/// Source: GitHub Docs, "Webhook events and payloads".
final class FollowedEvents {
  private static final Map<String, Followed> EVENTS =
      Map.ofEntries(
          Map.entry(
              "pull_request",
              Followed.numbered(
                  "opened",
                  "edited",
                  "closed",
                  "reopened",
                  "synchronize",
                  "converted_to_draft",
                  "ready_for_review",
                  "review_requested",
                  "review_request_removed",
                  "assigned",
                  "unassigned",
                  "labeled",
                  "unlabeled",
                  "locked",
                  "unlocked",
                  "milestoned",
                  "demilestoned",
                  "auto_merge_enabled",
                  "auto_merge_disabled",
                  "enqueued",
                  "dequeued")),
          Map.entry("pull_request_review", Followed.numbered("submitted", "edited", "dismissed")),
          Map.entry(
              "pull_request_review_comment", Followed.numbered("created", "edited", "deleted")),
          Map.entry("pull_request_review_thread", Followed.numbered("resolved", "unresolved")),
          Map.entry("issue_comment", Followed.numbered("created", "edited", "deleted")),
          Map.entry("push", Followed.ofRepository()),
          Map.entry("create", Followed.ofRepository()),
          Map.entry("delete", Followed.ofRepository()),
          Map.entry("check_suite", Followed.ofRepository("completed", "requested", "rerequested")),
          Map.entry(
              "check_run",
              Followed.ofRepository("created", "completed", "rerequested", "requested_action")),
          Map.entry("status", Followed.ofRepository()),
          Map.entry("workflow_run", Followed.ofRepository("requested", "in_progress", "completed")),
          Map.entry(
              "installation",
              Followed.ofAccount(
                  "created", "deleted", "suspend", "unsuspend", "new_permissions_accepted")),
          Map.entry("installation_repositories", Followed.ofAccount("added", "removed")),
          Map.entry("installation_target", Followed.ofAccount("renamed")),
          Map.entry(
              "repository",
              Followed.ofRepository(
                  "created",
                  "deleted",
                  "archived",
                  "unarchived",
                  "edited",
                  "renamed",
                  "transferred",
                  "publicized",
                  "privatized")),
          Map.entry("merge_group", Followed.ofRepository("checks_requested", "destroyed")),
          Map.entry("meta", Followed.ofAccount("deleted")));

  private FollowedEvents() {}

  /// What becomes of a delivery, by its kind and what it has.
  static Verdict judge(Webhook.About about) {
    Followed followed = EVENTS.get(about.event());
    if (about.event().equals("ping")) {
      return Verdict.ignored("ping");
    }
    if (followed == null) {
      return Verdict.ignored("event_not_followed");
    }
    if (!followed.actions().isEmpty()) {
      if (about.action() == null) {
        return Verdict.rejected("no_action");
      }
      if (!followed.actions().contains(about.action())) {
        return Verdict.ignored("action_not_followed");
      }
    }
    if (followed.repository() && about.repository().id() == null) {
      return Verdict.rejected("no_repository");
    }
    if (followed.number() && about.number() == null) {
      return Verdict.rejected("no_number");
    }
    return Verdict.APPLIED;
  }

  /// What an event must have to be worked on.
  ///
  /// @param repository whether it needs a repository
  /// @param number whether it needs a number
  /// @param actions those that are followed; empty for an event without actions
  private record Followed(boolean repository, boolean number, Set<String> actions) {
    static Followed numbered(String... actions) {
      return new Followed(true, true, Set.of(actions));
    }

    static Followed ofRepository(String... actions) {
      return new Followed(true, false, Set.of(actions));
    }

    static Followed ofAccount(String... actions) {
      return new Followed(false, false, Set.of(actions));
    }
  }
}
