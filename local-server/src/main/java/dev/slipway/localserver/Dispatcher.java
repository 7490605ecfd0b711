package dev.slipway.localserver;

/// Finds the route of a request.
@FunctionalInterface
public interface Dispatcher {
  /// The route.
  ///
  /// @throws RefusedException when there is none
  Route route(Exchange exchange);
}
