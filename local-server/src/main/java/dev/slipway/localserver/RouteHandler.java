package dev.slipway.localserver;

import java.io.IOException;

/// Answers the requests of a route. It runs on a virtual thread and may block.
@FunctionalInterface
public interface RouteHandler {
  /// Answers.
  ///
  /// @throws RefusedException to answer with an error instead
  /// @throws IOException when the client has gone; there is nobody to tell
  void handle(Exchange exchange) throws IOException;
}
