package dev.slipway.ingress.delivery;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// Which address a request comes from: the connection's, or what the outermost trusted proxy wrote
/// into `X-Forwarded-For`.
final class Sources {
  private final int trustedProxyHops;

  Sources(int trustedProxyHops) {
    this.trustedProxyHops = trustedProxyHops;
  }

  /// Null when the address is unknown or the header has no such entry.
  ///
  /// @param remote address of the connection's other end; null when unknown
  @Nullable InetAddress of(HttpHeaders headers, @Nullable InetAddress remote) {
    return trustedProxyHops > 0 ? forwarded(headers.getOrEmpty("X-Forwarded-For")) : remote;
  }

  /// Each proxy appends the address it was called from, so the last entries are the proxies' own.
  private @Nullable InetAddress forwarded(List<String> headers) {
    List<String> entries =
        headers.stream()
            .flatMap(header -> Arrays.stream(header.split(",", -1)))
            .map(String::strip)
            .toList();
    int index = entries.size() - trustedProxyHops;
    return index < 0 ? null : literal(entries.get(index));
  }

  private static @Nullable InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
