package dev.slipway.web;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/// Finds the controller of a request and refuses what its path and query have beyond
/// [DeclaredParameters]. Under `/api/` alone: GitHub's hooks may be set up with any query, and so
/// may probes.
final class StrictMapping extends RequestMappingHandlerMapping {
  private static final String API = "/api/";

  private final Map<Method, DeclaredParameters> declared = new ConcurrentHashMap<>();

  @Override
  protected void handleMatch(
      RequestMappingInfo info, HandlerMethod handler, ServerWebExchange exchange) {
    super.handleMatch(info, handler, exchange);
    ServerHttpRequest request = exchange.getRequest();
    if (!request.getPath().value().startsWith(API)) {
      return;
    }
    DeclaredParameters parameters =
        declared.computeIfAbsent(handler.getMethod(), DeclaredParameters::of);
    parameters.requirePath(
        exchange.getAttributeOrDefault(URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of()));
    if (request.getURI().getRawQuery() != null) {
      parameters.requireQuery(request.getQueryParams());
    }
  }
}
