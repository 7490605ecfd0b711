package dev.slipway.benchmarks;

import java.io.IOException;
import java.util.function.Consumer;

/// A set of contests with what they need.
public interface Benchmark {
  /// Runs all of it.
  ///
  /// @param progress told what goes on
  /// @throws MissingToolException before anything else is done
  Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException;
}
