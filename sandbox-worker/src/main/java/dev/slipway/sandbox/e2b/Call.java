package dev.slipway.sandbox.e2b;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// One request.
///
/// @param what it does, to stand after "cannot"
/// @param isRepeatable whether doing it twice comes to the same as once, its answer included
@SuppressWarnings("ArrayRecordComponent") // never compared
record Call(
    String what,
    HttpMethod method,
    URI uri,
    HttpHeaders headers,
    byte @Nullable [] body,
    boolean isRepeatable) {
  /// Leaves out headers and body: they hold credentials.
  @Override
  public String toString() {
    return "Call[%s, %s]".formatted(what, method);
  }
}
