package dev.slipway.standalone;

/// What the command's exit status says.
final class ExitCode {
  static final int DONE = 0;

  /// Failed, or different from what was asked for.
  static final int FAILED = 1;

  static final int USAGE = 2;

  /// A prerequisite is missing, a port or the data directory is taken, or the disk is full.
  static final int PREREQUISITE = 3;

  static final int UNREACHABLE = 4;
  static final int TIMED_OUT = 5;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
