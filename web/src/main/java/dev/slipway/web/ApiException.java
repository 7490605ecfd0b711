package dev.slipway.web;

import dev.slipway.pipeline.core.Violation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/// An error answer: thrown, or given to a `Mono`, wherever a request cannot go on. What it says is
/// read by clients, so it names no class, no SQL and nobody else's data.
public final class ApiException extends RuntimeException {
  private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

  private final ErrorCode code;
  private final transient List<FieldError> errors;
  private final transient Map<String, String> headers;

  public ApiException(ErrorCode code, String detail) {
    this(code, detail, List.of(), Map.of());
  }

  private ApiException(
      ErrorCode code, String detail, List<FieldError> errors, Map<String, String> headers) {
    // Without stack trace: it is an answer, and refusing must be cheap under attack.
    super(detail, null, false, false);
    this.code = code;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
  }

  /// Of all that is wrong with a request.
  public static ApiException invalid(List<FieldError> errors) {
    return new ApiException(
        ErrorCode.INVALID, "The request is well-formed but not valid.", errors, Map.of());
  }

  public static ApiException invalid(String field, String code, String detail) {
    return invalid(List.of(new FieldError(field, code, detail)));
  }

  /// Refuses what breaks rules.
  ///
  /// @throws ApiException 422, unless there is nothing wrong
  public static void check(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw invalid(
          violations.stream()
              .map(each -> new FieldError(each.field(), each.code(), each.detail()))
              .toList());
    }
  }

  /// Of one thing that the path names.
  ///
  /// @param what a noun for people, such as `delivery`
  public static ApiException notFound(String what) {
    return new ApiException(ErrorCode.NOT_FOUND, "There is no such " + what + ".");
  }

  ApiException with(List<FieldError> errors) {
    return new ApiException(code, detail(), errors, headers);
  }

  public ApiException with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiException(code, detail(), errors, more);
  }

  /// Rounds up to whole seconds, because that is what the header counts.
  public ApiException retryAfter(Duration wait) {
    return with(
        HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
  }

  public ErrorCode code() {
    return code;
  }

  /// Never the message of another exception.
  public String detail() {
    return String.valueOf(getMessage());
  }

  List<FieldError> errors() {
    return errors;
  }

  /// To send along. An overload always says when to come back.
  Map<String, String> headers() {
    return switch (code.status()) {
      case SERVICE_UNAVAILABLE, TOO_MANY_REQUESTS ->
          headers.containsKey(HttpHeaders.RETRY_AFTER)
              ? headers
              : retryAfter(DEFAULT_RETRY_AFTER).headers;
      default -> headers;
    };
  }
}
