package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.SandboxDetail;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an answer of envd, or of what stands before it, means. A failure inside a stream comes with
/// a code of the Connect protocol, which counts as the status that it has outside of one.
///
/// | envd answers | outcome | may have happened |
/// |---|---|---|
/// | 401 `unauthenticated`, 403 `permission_denied` | refused, `auth_failed` | no |
/// | 404 with `not_found` or `404` in its body | refused, `not_found` | no |
/// | any other 404, 501 `unimplemented` | refused, `internal` | no |
/// | 400 `invalid_argument` and its like, 409 `already_exists`, other 4xx | refused, `validation_failed` | no |
/// | 409 without that: the sandbox is just being paused or resumed | unavailable | no |
/// | 413, 507: disk full | refused, `too_large` | yes |
/// | 429 `resource_exhausted` | unavailable, `rate_limited` | no |
/// | 502, or a stream that breaks | see below | yes, unless it says `"code": 502` |
/// | 503 `unavailable` | unavailable | no; in a stream: yes |
/// | 504 | unavailable, `timeout` | yes |
/// | `deadline_exceeded` in a stream: the process was killed at its limit | refused, `timeout` | yes |
/// | 499 `canceled`, 500 and other 5xx | refused, `internal` | yes |
///
/// A sandbox that does not answer is looked up at the control plane: it is unknown there: refused,
/// `sandbox_lost`; it is paused or runs: unavailable. Source: envd; Connect protocol, error codes.
final class EnvdFailures {
  private static final Map<String, Integer> STATUS =
      Map.ofEntries(
          Map.entry("invalid_argument", 400),
          Map.entry("failed_precondition", 400),
          Map.entry("out_of_range", 400),
          Map.entry("unauthenticated", 401),
          Map.entry("permission_denied", 403),
          Map.entry("not_found", 404),
          Map.entry("already_exists", 409),
          Map.entry("aborted", 409),
          Map.entry("resource_exhausted", 429),
          Map.entry("canceled", 499),
          Map.entry("unimplemented", 501),
          Map.entry("unavailable", 503),
          Map.entry("deadline_exceeded", 504));

  private final Function<ExternalId, Optional<SandboxDetail>> lookUp;

  EnvdFailures(Function<ExternalId, Optional<SandboxDetail>> lookUp) {
    this.lookUp = lookUp;
  }

  /// @param secrets that the message must not repeat
  RuntimeException of(ExternalId id, String what, Answer answer, Collection<String> secrets) {
    Complaint complaint = Complaint.of(answer);
    if (answer.status() == 502) {
      return silent(id, what, !complaint.says(502), null);
    }
    Duration after = answer.retryAfter().orElse(Duration.ZERO);
    return of(what, answer.status(), complaint, after, secrets);
  }

  /// @param complaint from the end of a stream
  RuntimeException inStream(String what, Complaint complaint, Collection<String> secrets) {
    String text = said(what, complaint, secrets);
    if (complaint.says("deadline_exceeded")) {
      return new ProviderRefusedException(FailureCode.TIMEOUT, text, true, null);
    }
    if (complaint.says("unavailable")) {
      return unavailable(FailureCode.UNAVAILABLE, text, true, Duration.ZERO, null);
    }
    int status = complaint.word().map(word -> STATUS.getOrDefault(word, 500)).orElse(500);
    return of(what, status, complaint, Duration.ZERO, secrets);
  }

  /// The sandbox does not answer, or broke off.
  RuntimeException silent(
      ExternalId id, String what, boolean mayHaveHappened, @Nullable Throwable cause) {
    Optional<SandboxDetail> found;
    try {
      found = lookUp.apply(id);
    } catch (ProviderUnavailableException | ProviderRefusedException e) {
      String text =
          "cannot %s: sandbox %s does not answer, and E2B does not say why".formatted(what, id);
      return unavailable(FailureCode.UNAVAILABLE, text, mayHaveHappened, Duration.ZERO, e);
    }
    if (found.isEmpty()) {
      String text = "cannot %s: sandbox %s is gone".formatted(what, id);
      return new ProviderRefusedException(FailureCode.SANDBOX_LOST, text, mayHaveHappened, cause);
    }
    boolean isPaused = found.get().seen().state() == ListedSandbox.State.PAUSED;
    String text =
        "cannot %s: sandbox %s %s"
            .formatted(what, id, isPaused ? "is paused: resume it" : "does not answer");
    return unavailable(FailureCode.UNAVAILABLE, text, mayHaveHappened, Duration.ZERO, cause);
  }

  /// An answer that is not what envd says it is.
  RuntimeException unreadable(String what, String why) {
    return new ProviderRefusedException(
        FailureCode.INTERNAL, "cannot %s: the answer of envd %s".formatted(what, why), true, null);
  }

  private static RuntimeException of(
      String what, int status, Complaint complaint, Duration after, Collection<String> secrets) {
    String text = said(what, complaint, secrets) + " (" + status + ")";
    return switch (status) {
      case 401, 403 -> refused(FailureCode.AUTH_FAILED, text, false);
      case 404 -> {
        boolean isAbsent = complaint.says("not_found") || complaint.says(404);
        yield refused(isAbsent ? FailureCode.NOT_FOUND : FailureCode.INTERNAL, text, false);
      }
      case 409 ->
          complaint.says("already_exists")
              ? refused(FailureCode.VALIDATION_FAILED, text, false)
              : unavailable(FailureCode.UNAVAILABLE, text, false, after, null);
      case 413, 507 -> refused(FailureCode.TOO_LARGE, text, true);
      case 429 -> unavailable(FailureCode.RATE_LIMITED, text, false, after, null);
      case 499 -> refused(FailureCode.INTERNAL, text, true);
      case 501 -> refused(FailureCode.INTERNAL, text, false);
      case 503 -> unavailable(FailureCode.UNAVAILABLE, text, false, after, null);
      case 504 -> unavailable(FailureCode.TIMEOUT, text, true, after, null);
      default ->
          status >= 400 && status < 500
              ? refused(FailureCode.VALIDATION_FAILED, text, false)
              : refused(FailureCode.INTERNAL, text, true);
    };
  }

  private static String said(String what, Complaint complaint, Collection<String> secrets) {
    String text = complaint.cleaned(secrets);
    return "cannot %s: the sandbox refuses it%s".formatted(what, text.isEmpty() ? "" : ": " + text);
  }

  private static RuntimeException refused(FailureCode code, String text, boolean mayHaveHappened) {
    return new ProviderRefusedException(code, text, mayHaveHappened, null);
  }

  private static RuntimeException unavailable(
      FailureCode code,
      String text,
      boolean mayHaveHappened,
      Duration retryAfter,
      @Nullable Throwable cause) {
    return new ProviderUnavailableException(code, text, mayHaveHappened, retryAfter, cause);
  }
}
