package dev.slipway.benchmarks.sandbox;

import java.io.IOException;
import java.util.List;

/// Where commands run.
interface Place {
  String name();

  /// A command that has run.
  ///
  /// @param bytes of its output that came
  /// @param nanos from when it was asked for until all of them had come
  record Ran(long bytes, long nanos) {}

  /// Runs a command to its end where others have run before.
  Ran run(List<String> argv) throws IOException, InterruptedException;

  /// Makes a place for a command alone and runs it there; comes back once some of its output has
  /// come.
  void runAnew(List<String> argv) throws IOException, InterruptedException;

  /// Ends the places that were made anew, which is not measured.
  void clear() throws IOException, InterruptedException;
}
