package dev.slipway.pipeline.web;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Refuses requests for a name that is not ours, on any port. Probes and scrapers, which call by
/// the address they happen to know, are left alone: what they read is nothing a browser could
/// misuse.
final class AllowedHosts implements WebFilter {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> PROBES = Set.of("/health", "/healthz", "/readyz", "/metrics");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?");

  private final Set<String> names;

  AllowedHosts(List<String> configured) {
    Set<String> all = new HashSet<>(LOOPBACK);
    configured.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
    this.names = Set.copyOf(all);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    return isAllowed(request.getHeaders().getOrEmpty(HttpHeaders.HOST))
            || PROBES.contains(request.getPath().value())
        ? chain.filter(exchange)
        : Mono.error(
            new ApiException(ErrorCode.MALFORMED, "The Host header names no host served here."));
  }

  private boolean isAllowed(List<String> hosts) {
    if (hosts.size() != 1) {
      return false;
    }
    Matcher host = HOST.matcher(hosts.getFirst());
    return host.matches() && names.contains(host.group(1).toLowerCase(Locale.ROOT));
  }
}
