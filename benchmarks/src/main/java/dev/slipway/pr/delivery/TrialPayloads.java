package dev.slipway.pr.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What GitHub sends in the life of a pull request with one run of its workflow: sixteen
/// deliveries, of which nine change it, in repositories that take turns.
///
/// @param number of the delivery, from 0
/// @param step which of the sixteen it is
/// @param pullRequest that it is about
record TrialPayloads(long number, Step step, long pullRequest) {
  private static final int REPOSITORIES = 1_000;

  /// @param body what stands between the action and the repository
  private record Step(String event, @Nullable String action, boolean numbered, String body) {}

  private static final String PULL_REQUEST =
      """
      "number":$n,"pull_request":{"id":$n,"node_id":"PR_$n","number":$n,
      "html_url":"https://github.test/$repo/pull/$n","state":"$state","title":"Change $title",
      "user":{"id":5,"login":"octocat"},"draft":false,"labels":[{"name":"$label"}],
      "head":{"ref":"topic","sha":"$sha","repo":{"id":$id}},"base":{"ref":"main","sha":"$base"},
      "created_at":"2026-01-01T00:00:00Z","updated_at":$at,"closed_at":$end,"merged_at":$end,
      "merged_by":null,"merge_commit_sha":"$sha"}\
      """;
  private static final String REDUCED = "\"number\":$n,\"pull_request\":{\"id\":$n,\"number\":$n}";
  private static final String CHECK_SUITE = "\"check_suite\":{\"id\":$n,\"head_sha\":\"$sha\"}";
  private static final String CHECK_RUN =
      """
      "check_run":{"id":$n,"name":"build","head_sha":"$sha","status":"%s","conclusion":%s,
      "completed_at":%s,"app":{"id":15368}}\
      """;
  private static final String WORKFLOW_RUN =
      """
      "workflow_run":{"id":$n,"run_attempt":1,"head_sha":"$sha","status":"%s","conclusion":%s,
      "updated_at":$at}\
      """;

  private static final List<Step> LIFE =
      List.of(
          new Step("pull_request", "opened", true, PULL_REQUEST),
          new Step("check_suite", "requested", false, CHECK_SUITE),
          new Step("workflow_run", "requested", false, WORKFLOW_RUN.formatted("queued", null)),
          new Step("check_run", "created", false, CHECK_RUN.formatted("queued", null, null)),
          new Step(
              "workflow_run", "in_progress", false, WORKFLOW_RUN.formatted("in_progress", null)),
          new Step(
              "check_run",
              "completed",
              false,
              CHECK_RUN.formatted("completed", "\"success\"", "$at")),
          new Step(
              "workflow_run",
              "completed",
              false,
              WORKFLOW_RUN.formatted("completed", "\"success\"")),
          new Step("check_suite", "completed", false, CHECK_SUITE),
          new Step(
              "status",
              null,
              false,
              """
              "id":$n,"sha":"$sha","context":"lint","state":"success","updated_at":$at\
              """),
          new Step(
              "issue_comment",
              "created",
              true,
              """
              "issue":{"number":$n,"pull_request":{"merged_at":null}},
              "comment":{"id":$n,"user":{"id":7,"login":"hubot"},"updated_at":$at}\
              """),
          new Step("pull_request", "labeled", true, PULL_REQUEST),
          new Step(
              "pull_request_review",
              "submitted",
              true,
              REDUCED
                  + """
                  ,"review":{"id":$n,"state":"approved","user":{"id":7,"login":"hubot"},
                  "commit_id":"$sha","submitted_at":$at}\
                  """),
          new Step("pull_request", "edited", true, PULL_REQUEST),
          new Step("pull_request", "synchronize", true, PULL_REQUEST),
          new Step("pull_request", "closed", true, PULL_REQUEST),
          new Step("push", null, false, "\"ref\":\"refs/heads/main\",\"after\":\"$sha\""));
  private static final int LABELED = 10;
  private static final int EDITED = 12;
  private static final int PUSHED = 13;
  private static final int CLOSED = 14;

  static TrialPayloads of(long number) {
    return new TrialPayloads(number, LIFE.get((int) (number % LIFE.size())), number / LIFE.size());
  }

  Webhook.About about() {
    return new Webhook.About(
        step.event,
        step.action,
        new Webhook.Repository(repositoryId(), repository()),
        step.numbered ? pullRequest : null,
        "octocat");
  }

  String repository() {
    return "acme/site-" + repositoryId();
  }

  private long repositoryId() {
    return pullRequest % REPOSITORIES;
  }

  /// As GitHub would send it, but for what we do not read.
  ///
  /// @param filler stands for that
  String body(String filler) {
    int at = LIFE.indexOf(step);
    String time = "\"2026-01-01T00:00:%02dZ\"".formatted(at);
    String end = at < CLOSED ? "null" : time;
    String told =
        step.body
            .replace("$n", Long.toString(pullRequest))
            .replace("$repo", repository())
            .replace("$state", at < CLOSED ? "open" : "closed")
            .replace("$title", at < EDITED ? "1" : "2")
            .replace("$label", at < LABELED ? "new" : "bug")
            .replace("$sha", "%040x".formatted(pullRequest * 2 + (at < PUSHED ? 0 : 1)))
            .replace("$base", "%040x".formatted(repositoryId()))
            .replace("$id", Long.toString(repositoryId()))
            .replace("$at", time)
            .replace("$end", end);
    return """
    {%s%s,"repository":{"id":%d,"full_name":"%s","html_url":"https://github.test/%4$s",
    "updated_at":"2026-01-01T00:00:00Z"},"sender":{"id":5,"login":"octocat"},"filler":"%s"}\
    """
        .formatted(
            step.action == null ? "" : "\"action\":\"" + step.action + "\",",
            told,
            repositoryId(),
            repository(),
            filler);
  }
}
