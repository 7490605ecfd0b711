package dev.slipway.web;

import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/// What HTTP asks of every request, whatever its path:
///
/// | Request | Answer |
/// |---|---|
/// | is not for one of [AllowedHosts] | 400, except for probes and scrapers, which call by the address they happen to know and read nothing that a browser could misuse |
/// | has two `Authorization` headers | 400: a proxy may have looked at the other one |
/// | is of HTTP/1.0, which knows no chunks | what has no declared length ends with the connection |
///
/// How a body is framed is looked at before, by [RequestFraming].
final class HttpRules implements WebFilter {
  private static final Set<String> PROBES = Set.of("/health", "/healthz", "/readyz", "/metrics");

  private final AllowedHosts hosts;

  HttpRules(AllowedHosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
    boolean isHttp10 = received.version().compareTo(HttpVersion.HTTP_1_1) < 0;
    if (isHttp10) {
      HttpServerResponse sent =
          ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
      var _ = sent.chunkedTransfer(false);
    }
    HttpHeaders headers = request.getHeaders();
    if (!isForUs(received.uri(), headers, isHttp10)
        && !PROBES.contains(request.getPath().value())) {
      return malformed("The Host header or the request line names no host served here.");
    }
    if (!isAuthorizedOnce(headers)) {
      return malformed("There is more than one Authorization header.");
    }
    return chain.filter(exchange);
  }

  /// Whether a request keeps all of them.
  ///
  /// @param target as the request line has it
  boolean areKept(String target, HttpHeaders headers, boolean isHttp10) {
    return isForUs(target, headers, isHttp10) && isAuthorizedOnce(headers);
  }

  private boolean isForUs(String target, HttpHeaders headers, boolean isHttp10) {
    return hosts.allow(target, headers.getOrEmpty(HttpHeaders.HOST), isHttp10);
  }

  private static boolean isAuthorizedOnce(HttpHeaders headers) {
    return headers.getOrEmpty(HttpHeaders.AUTHORIZATION).size() <= 1;
  }

  private static Mono<Void> malformed(String detail) {
    return Mono.error(new ApiException(ErrorCode.MALFORMED, detail));
  }
}
