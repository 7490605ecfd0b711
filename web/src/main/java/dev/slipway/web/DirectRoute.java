package dev.slipway.web;

import io.netty.buffer.ByteBuf;

/// A path whose `POST`s are answered on the event loop of their connection, below WebFlux and every
/// filter: for what comes more often than all else together, and has rules of its own. The rules of
/// [HttpRules], the headers of every answer, problems, metrics and traces are as on other paths;
/// tokens, origins and limits of callers are not looked at.
///
/// A controller with the same mapping answers what is not meant by it: other methods, other ways to
/// write the path, and what breaks [HttpRules]; and it is what the description of the API shows.
public interface DirectRoute {
  /// Without query, as requests have to write it.
  String path();

  /// The headers of a request have come.
  ///
  /// @return what takes its body
  Body open(DirectRequest request);

  /// Takes the body of one request; called on the connection's event loop. After an answer, that to
  /// something it threw included, nothing is called any more.
  interface Body {
    /// A part has come; it is read here or not at all.
    void part(ByteBuf part);

    /// The body has come in whole.
    void end();

    /// The connection ended before the request was answered. Nothing is called after it.
    void gone();
  }
}
