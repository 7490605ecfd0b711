package dev.slipway.web.github;

import java.time.Duration;

/// What an answer that is no success means: pure.
///
/// | answer | code | again? |
/// |---|---|---|
/// | 429; 403 with a mark of a limit ([Limits]) | `rate_limited` | when it says |
/// | 401 | `auth_failed` | no |
/// | other 403, 451 | `forbidden` | no |
/// | 404, 410 | `not_found` | no |
/// | 422, 400, 405, 409, 415 | by what its errors say, else `validation_failed` | no, but see [FailureCode] |
/// | 408, 504 | `timeout` | yes |
/// | other 5xx | `unavailable` | yes |
/// | everything else | `internal` | no |
///
/// A refusal (4xx) says that nothing was changed; no other answer to a call that writes says so.
final class Failures {
  private Failures() {}

  static GitHubFailure of(Received answer) {
    return Limits.wait(answer).map(wait -> limited(answer, wait)).orElseGet(() -> other(answer));
  }

  private static GitHubFailure limited(Received answer, Duration wait) {
    return GitHubFailure.passing(
        FailureCode.RATE_LIMITED,
        text(answer, "too many calls: nothing is asked for %d s".formatted(wait.toSeconds())),
        wait);
  }

  private static GitHubFailure other(Received answer) {
    Credential as = answer.asked();
    return switch (answer.status()) {
      case 401 -> GitHubFailure.lasting(FailureCode.AUTH_FAILED, text(answer, as.remedy()));
      case 403 -> GitHubFailure.lasting(FailureCode.FORBIDDEN, text(answer, forbidden(answer)));
      case 451 ->
          GitHubFailure.lasting(FailureCode.FORBIDDEN, text(answer, "it is blocked by law"));
      case 404 ->
          GitHubFailure.lasting(
              FailureCode.NOT_FOUND,
              text(answer, "it is not there, or not to be seen: " + as.remedy()));
      case 410 ->
          GitHubFailure.lasting(
              FailureCode.NOT_FOUND, text(answer, "it was removed, or is turned off there"));
      case 400, 405, 409, 415, 422 -> refused(answer);
      case 408, 504 -> open(answer, FailureCode.TIMEOUT);
      default ->
          answer.status() >= 500 ? open(answer, FailureCode.UNAVAILABLE) : undocumented(answer);
    };
  }

  private static GitHubFailure undocumented(Received answer) {
    String text = text(answer, "this is no answer that GitHub documents for it");
    return answer.status() >= 400
        ? GitHubFailure.lasting(FailureCode.INTERNAL, text)
        : GitHubFailure.lasting(FailureCode.INTERNAL, text, answer.call());
  }

  private static String forbidden(Received answer) {
    Complaint complaint = Complaint.of(answer.body());
    if (complaint.says("archived")) {
      return "unarchive the repository";
    }
    return complaint.says("suspended")
        ? "have the App's installation taken up again"
        : answer.asked().remedy();
  }

  private static GitHubFailure refused(Received answer) {
    Complaint complaint = Complaint.of(answer.body());
    if (complaint.says("already exists")) {
      return GitHubFailure.lasting(FailureCode.ALREADY_EXISTS, text(answer, "look it up"));
    }
    if (complaint.says("No commits between")) {
      return GitHubFailure.lasting(
          FailureCode.NO_COMMITS_BETWEEN, text(answer, "push a commit to the head first"));
    }
    if (complaint.refuses("base")) {
      return GitHubFailure.lasting(
          FailureCode.BASE_NOT_FOUND, text(answer, "name a branch of the repository as base"));
    }
    if (complaint.refuses("head")) {
      return GitHubFailure.lasting(FailureCode.HEAD_INVALID, text(answer, "push the head first"));
    }
    return GitHubFailure.lasting(
        FailureCode.VALIDATION_FAILED, text(answer, "change what is asked for"));
  }

  /// Of a call that changes something nobody knows whether it did.
  private static GitHubFailure open(Received answer, FailureCode code) {
    Duration wait = Limits.retryAfter(answer).orElse(Duration.ZERO);
    String text = text(answer, "GitHub does not work now; it is tried again");
    return answer.call().isRead()
        ? GitHubFailure.passing(code, text, wait)
        : GitHubFailure.open(code, text, wait);
  }

  private static String text(Received answer, String remedy) {
    String said = Complaint.of(answer.body()).sentence();
    String status = said.isEmpty() ? "" + answer.status() : answer.status() + " " + said;
    return answer
        .asked()
        .masked(
            "%s as %s: %s: %s".formatted(answer.route(), answer.asked().name(), status, remedy));
  }
}
