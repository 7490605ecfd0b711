package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import java.time.Duration;
import java.util.List;

/// What an answer of E2B's control plane means.
///
/// | E2B API answers | outcome | may have happened |
/// |---|---|---|
/// | 401, 403 | refused, `auth_failed` | no |
/// | 404 whose body says `"code": 404` | refused, `not_found` | no |
/// | any other 404, 405: no such route | refused, `internal` | no |
/// | 408, 504 | unavailable, `timeout` | yes |
/// | 409: the sandbox is just being paused, resumed or killed | unavailable | no |
/// | 413 | refused, `too_large` | no |
/// | 429 with `Retry-After` | unavailable, `rate_limited`, honoured | no |
/// | 429 without: no free place | refused, `quota_exceeded` | no |
/// | 503: no capacity | unavailable | no |
/// | 502, other 5xx | unavailable, `unavailable` or `internal` | yes |
/// | other 4xx | refused, `validation_failed` | no |
/// | 3xx, or a success that cannot be read | refused, `internal` | yes |
///
/// Source: E2B API, errors, and its OpenAPI description. A 404 counts as "there is none" only with
/// the code in the body, as in E2B's own SDK: that of a proxy on a wrong URL must not pass for a
/// sandbox that is gone.
final class ControlFailures {
  private final List<String> secrets;

  /// @param secrets that no message may repeat
  ControlFailures(List<String> secrets) {
    this.secrets = List.copyOf(secrets);
  }

  RuntimeException of(Call call, Answer answer) {
    Complaint complaint = Complaint.of(answer);
    String said = "cannot %s: E2B answers %d".formatted(call.what(), answer.status());
    String text = complaint.cleaned(secrets);
    String full = text.isEmpty() ? said : said + ": " + text;
    return switch (answer.status()) {
      case 401, 403 ->
          refused(FailureCode.AUTH_FAILED, full + ": check E2B_API_KEY and what it may do");
      case 404 ->
          complaint.says(404)
              ? refused(FailureCode.NOT_FOUND, full)
              : refused(FailureCode.INTERNAL, full + ": no such route: check E2B_API_URL");
      case 405 -> refused(FailureCode.INTERNAL, full + ": no such route: check E2B_API_URL");
      case 408, 504 -> unavailable(FailureCode.TIMEOUT, full, true, Duration.ZERO);
      case 409 -> unavailable(FailureCode.UNAVAILABLE, full, false, Duration.ZERO);
      case 413 -> refused(FailureCode.TOO_LARGE, full);
      case 429 -> tooMany(answer, full);
      case 503 ->
          unavailable(
              FailureCode.UNAVAILABLE, full, false, answer.retryAfter().orElse(Duration.ZERO));
      case 502 -> unavailable(FailureCode.UNAVAILABLE, full, true, Duration.ZERO);
      default -> other(answer.status(), full);
    };
  }

  /// A success that says nothing understandable.
  RuntimeException unreadable(Call call, String why) {
    return new ProviderRefusedException(
        FailureCode.INTERNAL,
        "cannot %s: the answer of E2B %s".formatted(call.what(), why),
        true,
        null);
  }

  private static RuntimeException tooMany(Answer answer, String full) {
    return answer
        .retryAfter()
        .<RuntimeException>map(after -> unavailable(FailureCode.RATE_LIMITED, full, false, after))
        .orElseGet(() ->
            refused(FailureCode.QUOTA_EXCEEDED, full + ": end sandboxes or raise the account's"));
  }

  private static RuntimeException other(int status, String full) {
    if (status >= 500) {
      return unavailable(FailureCode.INTERNAL, full, true, Duration.ZERO);
    }
    return status >= 400
        ? refused(FailureCode.VALIDATION_FAILED, full)
        : new ProviderRefusedException(FailureCode.INTERNAL, full, true, null);
  }

  private static ProviderRefusedException refused(FailureCode code, String message) {
    return new ProviderRefusedException(code, message, false, null);
  }

  private static ProviderUnavailableException unavailable(
      FailureCode code, String message, boolean mayHaveHappened, Duration retryAfter) {
    return new ProviderUnavailableException(code, message, mayHaveHappened, retryAfter, null);
  }
}
