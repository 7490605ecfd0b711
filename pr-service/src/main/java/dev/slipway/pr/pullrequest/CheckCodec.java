package dev.slipway.pr.pullrequest;

import dev.slipway.pr.pullrequest.Fact.Checked;
import dev.slipway.pr.pullrequest.Fact.Ran;
import dev.slipway.pr.pullrequest.PayloadJson.CheckRunJson;
import dev.slipway.pr.pullrequest.PayloadJson.WorkflowRunJson;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From payloads about commits to facts: check runs, commit statuses, runs of workflows. Each
/// method adds what it finds, or answers the reason why the payload is incomplete.
///
/// Source: GitHub Docs, "Webhook events and payloads".
final class CheckCodec {
  private static final Set<String> SUCCESSES = Set.of("success", "neutral", "skipped");

  private CheckCodec() {}

  static @Nullable String checkRun(@Nullable CheckRunJson run, List<Fact> facts) {
    Long id = run == null ? null : run.id();
    String sha = run == null ? null : ValueCodec.sha(run.headSha());
    if (run == null || id == null || sha == null || run.name() == null) {
      return "no_check_run";
    }
    long app = run.app() == null || run.app().id() == null ? 0 : run.app().id();
    facts.add(
        new Checked(
            new Check(
                new Check.Key(sha, Check.Kind.CHECK_RUN, app, ValueCodec.key(run.name())),
                id,
                result(run.status(), run.conclusion()),
                ValueCodec.time(run.completedAt()))));
    return null;
  }

  static @Nullable String status(PayloadJson payload, List<Fact> facts) {
    String sha = ValueCodec.sha(payload.sha());
    if (payload.id() == null
        || sha == null
        || payload.context() == null
        || payload.state() == null) {
      return "no_status";
    }
    Check.Result result =
        switch (payload.state()) {
          case "success" -> Check.Result.SUCCEEDED;
          case "pending" -> Check.Result.PENDING;
          default -> Check.Result.FAILED;
        };
    facts.add(
        new Checked(
            new Check(
                new Check.Key(sha, Check.Kind.STATUS, 0, ValueCodec.key(payload.context())),
                payload.id(),
                result,
                ValueCodec.time(payload.updatedAt()))));
    return null;
  }

  static @Nullable String workflowRun(@Nullable WorkflowRunJson run, List<Fact> facts) {
    Long id = run == null ? null : run.id();
    String sha = run == null ? null : ValueCodec.sha(run.headSha());
    if (run == null || id == null || sha == null) {
      return "no_workflow_run";
    }
    facts.add(
        new Ran(
            new WorkflowRun(
                id,
                run.runAttempt() == null ? 1 : run.runAttempt(),
                result(run.status(), run.conclusion()),
                ValueCodec.time(run.updatedAt()),
                sha)));
    return null;
  }

  private static Check.Result result(@Nullable String status, @Nullable String conclusion) {
    if (!"completed".equals(status) || conclusion == null || conclusion.equals("stale")) {
      return Check.Result.PENDING;
    }
    return SUCCESSES.contains(conclusion) ? Check.Result.SUCCEEDED : Check.Result.FAILED;
  }
}
