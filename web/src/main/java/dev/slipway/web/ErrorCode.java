package dev.slipway.web;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/// The stable codes of error answers, each with its status. Clients decide by the code; a code is
/// never renamed and never changes its status. Of one status, the most general code comes first.
public enum ErrorCode {
  MALFORMED(HttpStatus.BAD_REQUEST, "Malformed request"),
  UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Unauthenticated"),
  MISSING_SIGNATURE(HttpStatus.UNAUTHORIZED, "Missing signature"),
  INVALID_SIGNATURE(HttpStatus.UNAUTHORIZED, "Invalid signature"),
  FORBIDDEN(HttpStatus.FORBIDDEN, "Forbidden"),
  NOT_FOUND(HttpStatus.NOT_FOUND, "Not found"),
  METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
  CONFLICT(HttpStatus.CONFLICT, "Conflict"),
  ILLEGAL_STATE(HttpStatus.CONFLICT, "Illegal state"),
  KEY_IN_USE(HttpStatus.CONFLICT, "Idempotency key in use"),
  TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "Too large"),
  UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"),
  INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "Invalid request"),
  KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Idempotency key reused"),
  RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "Rate limited"),
  INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error"),
  NOT_IMPLEMENTED(HttpStatus.NOT_IMPLEMENTED, "Not implemented"),
  UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "Unavailable"),
  POOL_EXHAUSTED(HttpStatus.SERVICE_UNAVAILABLE, "Pool exhausted");

  private final HttpStatus status;
  private final String title;

  ErrorCode(HttpStatus status, String title) {
    this.status = status;
    this.title = title;
  }

  public HttpStatus status() {
    return status;
  }

  /// As it stands in the answer.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  String title() {
    return title;
  }

  /// The most general code of a status; empty for a status that no code has.
  static Optional<ErrorCode> of(HttpStatusCode status) {
    return Arrays.stream(values()).filter(code -> code.status.isSameCodeAs(status)).findFirst();
  }
}
