package dev.slipway.web.github;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// A request.
///
/// @param headers besides those that every call has
/// @param body null for none
@SuppressWarnings("ArrayRecordComponent") // never compared
record Call(
    HttpMethod method, URI uri, Credential as, HttpHeaders headers, byte @Nullable [] body) {
  static Call get(URI uri, Credential as) {
    return new Call(HttpMethod.GET, uri, as, HttpHeaders.EMPTY, null);
  }

  Call as(Credential other) {
    return new Call(method, uri, other, headers, body);
  }

  Call to(URI other) {
    return new Call(method, other, as, headers, body);
  }

  Call with(String name, String value) {
    HttpHeaders more = new HttpHeaders();
    more.addAll(headers);
    more.set(name, value);
    return new Call(method, uri, as, more, body);
  }

  /// Whether it changes nothing, so that it can be made again.
  boolean isRead() {
    return method.equals(HttpMethod.GET);
  }

  /// Path and query, without the host.
  String resource() {
    return uri.getRawQuery() == null
        ? uri.getRawPath()
        : uri.getRawPath() + "?" + uri.getRawQuery();
  }

  /// For people.
  String name() {
    return method + " " + uri.getRawPath();
  }
}
