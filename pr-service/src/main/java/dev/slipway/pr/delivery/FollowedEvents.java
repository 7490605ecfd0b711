package dev.slipway.pr.delivery;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The events and actions that Slipway follows, and what each must have. GitHub adds events,
/// actions and fields without notice: what is not listed is ignored, never an error.
///
/// Source: GitHub Docs, "Webhook events and payloads".
public final class FollowedEvents {
  /// Event, the most that it must have, and its actions, if it has any.
  private static final String TABLE =
      """
      pull_request number opened edited closed reopened synchronize converted_to_draft ready_for_review \
        review_requested review_request_removed assigned unassigned labeled unlabeled locked unlocked milestoned \
        demilestoned auto_merge_enabled auto_merge_disabled enqueued dequeued
      pull_request_review number submitted edited dismissed
      pull_request_review_comment number created edited deleted
      pull_request_review_thread number resolved unresolved
      issue_comment number created edited deleted
      push repository
      create repository
      delete repository
      check_suite repository completed requested rerequested
      check_run repository created completed rerequested requested_action
      status repository
      workflow_run repository requested in_progress completed
      installation account created deleted suspend unsuspend new_permissions_accepted
      installation_repositories account added removed
      installation_target account renamed
      repository repository created deleted archived unarchived edited renamed transferred publicized privatized
      merge_group repository checks_requested destroyed
      meta account deleted
      """;

  private static final Map<String, Followed> EVENTS =
      TABLE
          .lines()
          .map(Followed::of)
          .collect(Collectors.toUnmodifiableMap(Followed::event, Function.identity()));

  private FollowedEvents() {}

  /// Those that a webhook of a repository can be asked for, in the order of the alphabet: others
  /// GitHub sends to Apps and organizations, without being asked.
  public static List<String> ofRepositories() {
    return EVENTS.values().stream()
        .filter(followed -> followed.has() != Has.ACCOUNT)
        .map(Followed::event)
        .sorted()
        .toList();
  }

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
    if (followed.has() != Has.ACCOUNT && about.repository().id() == null) {
      return Verdict.rejected("no_repository");
    }
    if (followed.has() == Has.NUMBER && about.number() == null) {
      return Verdict.rejected("no_number");
    }
    return Verdict.APPLIED;
  }

  /// The most that an event must have: a number is one of a repository.
  private enum Has {
    ACCOUNT,
    REPOSITORY,
    NUMBER
  }

  /// @param actions those that are followed; empty for an event without actions
  private record Followed(String event, Has has, Set<String> actions) {
    static Followed of(String line) {
      List<String> words = List.of(line.split(" +"));
      return new Followed(
          words.getFirst(),
          Has.valueOf(words.get(1).toUpperCase(Locale.ROOT)),
          Set.copyOf(words.subList(2, words.size())));
    }
  }
}
