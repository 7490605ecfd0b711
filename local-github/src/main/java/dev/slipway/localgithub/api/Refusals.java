package dev.slipway.localgithub.api;

import dev.slipway.localserver.ErrorShape;
import dev.slipway.localserver.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How GitHub says no.
public final class Refusals {
  private static final String DOCUMENTATION = "https://docs.github.com/rest";

  private Refusals() {}

  /// The shape of all errors, and of limits:
  ///
  /// | Status | Limit | Marks |
  /// |---|---|---|
  /// | 403 | the primary one | `x-ratelimit-remaining: 0`, `x-ratelimit-reset` |
  /// | any other | a secondary one | `Retry-After` |
  public static ErrorShape shape(Clock clock) {
    return new ErrorShape() {
      @Override
      public Map<String, Object> body(int status, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", message);
        body.put("documentation_url", DOCUMENTATION);
        body.put("status", Integer.toString(status));
        return body;
      }

      @Override
      public RefusedException limited(int status, Duration pause) {
        if (status == 403) {
          return new RefusedException(status, "API rate limit exceeded for user ID 1.")
              .with("x-ratelimit-remaining", "0")
              .with(
                  "x-ratelimit-reset", Long.toString(clock.instant().plus(pause).getEpochSecond()));
        }
        return new RefusedException(
                status,
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try"
                    + " again.")
            .with("Retry-After", Long.toString(pause.toSeconds()));
      }
    };
  }

  public static RefusedException notFound() {
    return new RefusedException(404, "Not Found");
  }

  /// A field that holds what it must not.
  ///
  /// @param code such as invalid, missing_field, already_exists
  public static RefusedException invalid(String resource, String field, String code) {
    Map<String, String> error = error(resource, code);
    error.put("field", field);
    return failed(error);
  }

  /// As the other, said in words.
  public static RefusedException invalid(String resource, String field, String code, String text) {
    Map<String, String> error = error(resource, code);
    error.put("field", field);
    error.put("message", text);
    return failed(error);
  }

  /// What cannot be, said in words.
  public static RefusedException custom(String resource, String text) {
    Map<String, String> error = error(resource, "custom");
    error.put("message", text);
    return failed(error);
  }

  private static Map<String, String> error(String resource, String code) {
    Map<String, String> error = new LinkedHashMap<>();
    error.put("resource", resource);
    error.put("code", code);
    return error;
  }

  private static RefusedException failed(Map<String, String> error) {
    return new RefusedException(422, "Validation Failed").saying("errors", List.of(error));
  }

  /// A body that its schema does not admit.
  public static RefusedException request(String text) {
    return new RefusedException(422, "Invalid request.\n\n" + text);
  }
}
