package dev.slipway.sandbox.e2b;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/// Calls to E2B's control plane: each behind the circuit breaker, repeated where that is safe, its
/// answer translated.
final class ControlPlane implements AutoCloseable {
  private final E2bProperties properties;
  private final Wire wire;
  private final Target target;
  private final Attempts attempts;
  private final ControlFailures failures;

  ControlPlane(E2bProperties properties, Wire wire, Target target, Attempts attempts) {
    this.properties = properties;
    this.wire = wire;
    this.target = target;
    this.attempts = attempts;
    this.failures = new ControlFailures(List.of(properties.apiKey().value()));
  }

  /// @param path after the base URL, encoded, with its query
  Call call(
      String what, HttpMethod method, String path, byte @Nullable [] json, boolean isRepeatable) {
    var headers = new HttpHeaders();
    headers.set("X-API-Key", properties.apiKey().value());
    headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
    if (json != null) {
      headers.setContentType(MediaType.APPLICATION_JSON);
    }
    return new Call(
        what, method, URI.create(properties.apiUrl() + path), headers, json, isRepeatable);
  }

  /// @param isExpected statuses that the caller reads himself, besides successes
  Answer send(Call call, Predicate<Answer> isExpected) {
    Duration limit = properties.requestTimeout();
    return attempts.at(
        target,
        call,
        () -> {
          Answer answer = target.ask(call, () -> wire.ask(call, limit));
          if (answer.isSuccess() || isExpected.test(answer)) {
            return answer;
          }
          throw failures.of(call, answer);
        });
  }

  /// @param from what the answer says
  <T> T read(Call call, Answer answer, Function<JsonNode, T> from) {
    if (!answer.isSuccess()) {
      throw failures.of(call, answer);
    }
    try {
      return from.apply(ControlJson.read(answer));
    } catch (UnreadableAnswerException e) {
      throw failures.unreadable(call, e.why());
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
