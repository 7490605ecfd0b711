package dev.slipway.localserver;

import java.util.Map;

/// A route that fits a request.
///
/// @param pattern such as `DELETE /sandboxes/{id}`, under which its calls are counted
/// @param path of the request as the pattern sees it, which is what fault rules are about
/// @param parameters what stands in the place of the pattern's names
public record Route(
    String pattern, RouteHandler handler, String path, Map<String, String> parameters) {
  public Route {
    parameters = Map.copyOf(parameters);
  }
}
