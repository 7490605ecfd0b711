package dev.slipway.embedded;

/// A server that runs as a child of this JVM.
public sealed interface ChildServer extends AutoCloseable permits PostgresServer, RegistryServer {
  /// Process id of the server.
  long pid();

  /// Calls back once, when the server has ended, whether closed or killed.
  void onExit(Runnable action);

  /// Ends every such server of this JVM, those too that are still starting, and lets none start
  /// from now on: the last step of a process that ends.
  static void endAll() {
    ChildProcess.endAll();
  }

  /// Ends the server, within seconds.
  @Override
  void close();
}
