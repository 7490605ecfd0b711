package dev.slipway.standalone;

/// Ends a command with an exit status of its own and one line for people.
final class CommandFailedException extends RuntimeException {
  private final int exitCode;

  CommandFailedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
