package dev.slipway.sandbox.provider;

import java.util.Optional;

/// A process's output as it comes. For one thread at a time; closing it, which any thread may do,
/// does not end the process.
public interface ProcessStream extends AutoCloseable {
  /// The process's id within its sandbox.
  long pid();

  /// Waits for the next event, however long it takes as long as the sandbox shows that it lives.
  ///
  /// @return [ProcessEvent.Ended] last, empty after it
  /// @throws ProviderUnavailableException the connection broke or went silent: the process may run
  ///   on, connect to it again
  /// @throws ProviderRefusedException `timeout`: the command's own limit passed and it was killed;
  ///   `sandbox_lost`
  Optional<ProcessEvent> next();

  @Override
  void close();
}
