package dev.slipway.pr.pullrequest;

import dev.slipway.pr.pullrequest.Fact.Commented;
import dev.slipway.pr.pullrequest.Fact.MergedAs;
import dev.slipway.pr.pullrequest.Fact.Reviewed;
import dev.slipway.pr.pullrequest.Fact.Seen;
import dev.slipway.pr.pullrequest.PayloadJson.CommentJson;
import dev.slipway.pr.pullrequest.PayloadJson.PullRequestJson;
import dev.slipway.pr.pullrequest.PayloadJson.ReviewJson;
import dev.slipway.pr.pullrequest.PayloadJson.UserJson;
import dev.slipway.pr.pullrequest.Reading.Facts;
import dev.slipway.pr.pullrequest.Reading.Incomplete;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// From GitHub's JSON to facts. Payloads are read leniently: what does not matter here may be
/// absent or new; what is of another type than documented makes the payload incomplete.
///
/// Source: GitHub Docs, "Webhook events and payloads"; REST API, "Get a pull request".
public final class PayloadCodec {
  /// A read is newer than every delivery of its second only if it was made after that second; the
  /// second one more is for clocks that are apart.
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /// Events that tell of pull requests; the payloads of others are not even parsed.
  private static final Set<String> TELLING =
      Set.of(
          "pull_request",
          "pull_request_review",
          "pull_request_review_comment",
          "pull_request_review_thread",
          "issue_comment",
          "check_run",
          "status",
          "workflow_run",
          "repository");

  private PayloadCodec() {}

  /// Whether the payload of such an event is worth reading.
  public static boolean tells(String event) {
    return TELLING.contains(event);
  }

  /// What a webhook says; of an event that does not tell of pull requests, whether it is complete.
  ///
  /// @param event header `X-GitHub-Event`
  public static Reading webhook(String event, @Nullable String action, InputStream json) {
    PayloadJson payload = readOrNull(json, PayloadJson::read);
    if (payload == null) {
      return Reading.WRONG_TYPE;
    }
    List<Fact> facts = new ArrayList<>(payload.names());
    String missing =
        switch (event) {
          case "pull_request" -> pullRequest(payload, action, facts);
          case "pull_request_review" -> review(payload, facts);
          case "pull_request_review_comment" ->
              comment(payload, Comment.Kind.REVIEW, action, facts);
          case "pull_request_review_thread" -> reduced(payload.pullRequest(), facts);
          case "issue_comment" -> issueComment(payload, action, facts);
          case "check_run" -> CheckCodec.checkRun(payload.checkRun(), facts);
          case "status" -> CheckCodec.status(payload, facts);
          case "workflow_run" -> CheckCodec.workflowRun(payload.workflowRun(), facts);
          default -> null;
        };
    return missing == null ? new Facts(facts) : new Incomplete(missing);
  }

  /// What an answer of `GET /repos/{owner}/{repo}/pulls/{number}` says.
  ///
  /// @param repositoryId of the repository that was read
  /// @param date header `Date` of the answer; null when it had none
  public static Reading observed(InputStream json, long repositoryId, @Nullable Instant date) {
    PullRequestJson pullRequest = readOrNull(json, PayloadJson::readPullRequest);
    if (pullRequest == null) {
      return Reading.WRONG_TYPE;
    }
    Instant updatedAt = ValueCodec.time(pullRequest.updatedAt());
    Instant readAt =
        date != null && updatedAt != null && !date.isBefore(updatedAt.plus(SETTLED))
            ? date
            : Instant.EPOCH;
    List<Fact> facts = new ArrayList<>();
    var repository = pullRequest.base() == null ? null : pullRequest.base().repo();
    if (repository != null
        && repository.fullName() != null
        && Long.valueOf(repositoryId).equals(repository.id())) {
      facts.add(PayloadJson.named(repository, repository.fullName()));
    }
    String missing = full(pullRequest, readAt, false, facts);
    return missing == null ? new Facts(facts) : new Incomplete(missing);
  }

  private static <T> @Nullable T readOrNull(
      InputStream json, Function<InputStream, @Nullable T> reader) {
    try {
      return reader.apply(json);
    } catch (JacksonException _) {
      return null;
    }
  }

  private static @Nullable String pullRequest(
      PayloadJson payload, @Nullable String action, List<Fact> facts) {
    PullRequestJson pullRequest = payload.pullRequest();
    return pullRequest == null
        ? "no_pull_request"
        : full(pullRequest, Instant.EPOCH, contradicts(action, pullRequest), facts);
  }

  private static @Nullable String full(
      PullRequestJson json, Instant readAt, boolean contradictory, List<Fact> facts) {
    Long number = json.number();
    Instant updatedAt = ValueCodec.time(json.updatedAt());
    PullRequestState state = state(json.state());
    var head = json.head();
    var base = json.base();
    String sha = head == null ? null : ValueCodec.sha(head.sha());
    if (number == null
        || updatedAt == null
        || state == null
        || head == null
        || sha == null
        || head.ref() == null
        || base == null
        || base.ref() == null) {
      return "no_pull_request";
    }
    facts.add(
        new Seen(
            number,
            new Snapshot(
                new SnapshotKey(updatedAt, readAt),
                new Standing(
                    state,
                    Boolean.TRUE.equals(json.draft()),
                    sha,
                    ValueCodec.text(base.ref()),
                    contradictory),
                details(json, head, base))));
    return reduced(json, facts);
  }

  private static Details details(
      PullRequestJson json, PayloadJson.BranchJson head, PayloadJson.BranchJson base) {
    return new Details(
        json.id(),
        ValueCodec.textOrNull(json.nodeId()),
        ValueCodec.textOrNull(json.htmlUrl()),
        ValueCodec.textOrNull(json.title()),
        login(json.user()),
        ValueCodec.labels(json.labels()),
        ValueCodec.text(String.valueOf(head.ref())),
        head.repo() == null ? null : head.repo().id(),
        ValueCodec.sha(base.sha()),
        ValueCodec.time(json.closedAt()),
        ValueCodec.time(json.createdAt()));
  }

  /// Reduced objects, which come with reviews and comments, tell of nothing but the merge.
  private static @Nullable String reduced(@Nullable PullRequestJson json, List<Fact> facts) {
    Long number = json == null ? null : json.number();
    if (json == null || number == null) {
      return "no_pull_request";
    }
    Instant mergedAt = ValueCodec.time(json.mergedAt());
    if (mergedAt != null) {
      facts.add(
          new MergedAs(
              number,
              new Merge(mergedAt, login(json.mergedBy()), ValueCodec.sha(json.mergeCommitSha()))));
    }
    return null;
  }

  private static @Nullable String review(PayloadJson payload, List<Fact> facts) {
    ReviewJson review = payload.review();
    Review.State state = review == null ? null : reviewState(review.state());
    String missing = reduced(payload.pullRequest(), facts);
    if (missing != null || payload.pullRequest() == null) {
      return missing;
    }
    Long id = review == null ? null : review.id();
    Long number = payload.pullRequest().number();
    if (review == null || id == null || state == null || number == null) {
      return "no_review";
    }
    facts.add(
        new Reviewed(
            number,
            new Review(
                id,
                state,
                login(review.user()),
                review.user() == null ? null : review.user().id(),
                ValueCodec.time(review.submittedAt()),
                ValueCodec.time(review.updatedAt()),
                ValueCodec.sha(review.commitId()))));
    return null;
  }

  private static @Nullable String issueComment(
      PayloadJson payload, @Nullable String action, List<Fact> facts) {
    var issue = payload.issue();
    Long number = issue == null ? null : issue.number();
    if (issue == null || number == null) {
      return "no_issue";
    }
    if (issue.pullRequest() == null) {
      return null; // of an issue that is no pull request
    }
    Instant mergedAt = ValueCodec.time(issue.pullRequest().mergedAt());
    if (mergedAt != null) {
      facts.add(new MergedAs(number, new Merge(mergedAt, null, null)));
    }
    return comment(payload.comment(), Comment.Kind.ISSUE, number, action, facts);
  }

  private static @Nullable String comment(
      PayloadJson payload, Comment.Kind kind, @Nullable String action, List<Fact> facts) {
    String missing = reduced(payload.pullRequest(), facts);
    Long number = payload.pullRequest() == null ? null : payload.pullRequest().number();
    return missing != null || number == null
        ? missing
        : comment(payload.comment(), kind, number, action, facts);
  }

  private static @Nullable String comment(
      @Nullable CommentJson comment,
      Comment.Kind kind,
      long number,
      @Nullable String action,
      List<Fact> facts) {
    Long id = comment == null ? null : comment.id();
    if (comment == null || id == null) {
      return "no_comment";
    }
    facts.add(
        new Commented(
            new Comment(
                new Comment.Key(kind, id),
                number,
                "deleted".equals(action),
                ValueCodec.time(comment.updatedAt()),
                login(comment.user()))));
    return null;
  }

  /// Whether the action cannot have led to this object.
  private static boolean contradicts(@Nullable String action, PullRequestJson json) {
    boolean open = "open".equals(json.state());
    boolean draft = Boolean.TRUE.equals(json.draft());
    return switch (action) {
      case "closed" -> open;
      case "opened", "reopened" -> !open;
      case "converted_to_draft" -> !draft;
      case "ready_for_review" -> draft;
      case null, default -> false;
    };
  }

  private static @Nullable PullRequestState state(@Nullable String state) {
    return switch (state) {
      case "open" -> PullRequestState.OPEN;
      case "closed" -> PullRequestState.CLOSED;
      case null, default -> null;
    };
  }

  private static Review.@Nullable State reviewState(@Nullable String state) {
    // lower case in webhooks, upper case in answers of the API
    return switch (state == null ? "" : state.toLowerCase(Locale.ROOT)) {
      case "pending" -> Review.State.PENDING;
      case "commented" -> Review.State.COMMENTED;
      case "approved" -> Review.State.APPROVED;
      case "changes_requested" -> Review.State.CHANGES_REQUESTED;
      case "dismissed" -> Review.State.DISMISSED;
      default -> null;
    };
  }

  private static @Nullable String login(@Nullable UserJson user) {
    return user == null ? null : ValueCodec.textOrNull(user.login());
  }
}
