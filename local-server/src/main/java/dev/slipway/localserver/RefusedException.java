package dev.slipway.localserver;

import java.util.LinkedHashMap;
import java.util.Map;

/// A request that is answered with an error, in the shape that the double's original has.
public final class RefusedException extends RuntimeException {
  private final int status;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private final transient Map<String, Object> fields = new LinkedHashMap<>();

  public RefusedException(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /// Adds a header to the answer.
  public RefusedException with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  /// Adds a field to the answer's object.
  public RefusedException saying(String field, Object value) {
    fields.put(field, value);
    return this;
  }

  public int status() {
    return status;
  }

  /// Headers of the answer.
  public Map<String, String> headers() {
    return headers;
  }

  Map<String, Object> fields() {
    return fields;
  }

  /// What the client is told.
  public String text() {
    return String.valueOf(getMessage());
  }
}
