package dev.slipway.sandbox.e2b;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/// What came back, whole.
///
/// @param body of an error only its beginning
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, HttpHeaders headers, byte[] body) {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,5}");

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /// The pause that the other side asks for. It says so in whole seconds; dates are not used.
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(headers.getFirst(HttpHeaders.RETRY_AFTER))
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  /// Leaves out headers and body: they may hold credentials.
  @Override
  public String toString() {
    return "Answer[%d, %d bytes]".formatted(status, body.length);
  }
}
