package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/// How one stream out of a sandbox fails.
///
/// @param what it is for, to stand after "cannot"
/// @param secrets that no message may repeat
record StreamFailures(
    EnvdFailures failures, ExternalId id, String what, Collection<String> secrets) {
  StreamFailures {
    secrets = List.copyOf(secrets);
  }

  /// The connection broke, went silent or ended too early.
  RuntimeException broken(IOException cause) {
    // The reader was told to stop: why it got nothing more is no question for E2B.
    return Thread.currentThread().isInterrupted()
        ? stopped("interrupted")
        : failures.silent(id, what, true, cause);
  }

  /// Our own side ended it.
  RuntimeException stopped(String how) {
    return new ProviderUnavailableException(
        FailureCode.UNAVAILABLE, "cannot %s: %s".formatted(what, how), true, Duration.ZERO, null);
  }

  RuntimeException unreadable(String why) {
    return failures.unreadable(what, why);
  }

  /// The stream itself ends with an error.
  RuntimeException ended(Complaint complaint) {
    return failures.inStream(what, complaint, secrets);
  }

  /// Leaves out the secrets.
  @Override
  public String toString() {
    return "StreamFailures[%s, %s]".formatted(id, what);
  }
}
