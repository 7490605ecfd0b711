package dev.slipway.web.github;

/// From a request to its answer, whatever that says.
@FunctionalInterface
interface Exchange {
  /// Makes the call.
  ///
  /// @throws GitHubException there is no answer
  Received send(Call call);
}
