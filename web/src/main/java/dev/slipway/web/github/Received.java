package dev.slipway.web.github;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// An answer as it came.
///
/// @param call that it is an answer to, as it was made at last
/// @param body byte for byte
/// @param at when it had been read
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Received(Call call, int status, HttpHeaders headers, byte[] body, Instant at) {
  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME;

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  /// When GitHub made it, by its own clock; null when it does not say.
  public @Nullable Instant date() {
    return header(HttpHeaders.DATE).flatMap(Received::instant).orElse(null);
  }

  /// Path and query of the request, without the host.
  public String resource() {
    return call.resource();
  }

  /// Method and path, for people.
  public String route() {
    return call.name();
  }

  /// Who asked.
  public Credential asked() {
    return call.as();
  }

  static Optional<Instant> instant(String httpDate) {
    try {
      return Optional.of(HTTP_DATE.parse(httpDate, Instant::from));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// The next page, as the answer has it.
  public Optional<URI> next() {
    return header(HttpHeaders.LINK).flatMap(Links::next).map(call.uri()::resolve);
  }

  /// Leaves out headers and body: they may hold credentials.
  @Override
  public String toString() {
    return "Received[%s, %d, %d bytes]".formatted(call.name(), status, body.length);
  }
}
