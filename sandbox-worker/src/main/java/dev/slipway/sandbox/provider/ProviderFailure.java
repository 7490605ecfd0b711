package dev.slipway.sandbox.provider;

/// How a call to a provider failed. Its message names the thing and the remedy and holds no secret.
public sealed interface ProviderFailure
    permits ProviderRefusedException, ProviderUnavailableException {
  /// What to tell the caller.
  FailureCode code();

  /// Whether the other side may have done what was asked: the request left and its answer is
  /// missing or says nothing about it. False when nothing was sent, or the answer is that nothing
  /// was done. Who is told true looks before he repeats.
  boolean mayHaveHappened();
}
