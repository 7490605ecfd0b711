package dev.slipway.benchmarks;

import java.io.IOException;
import java.time.Duration;

/// Something that can be measured for a while, again and again.
public interface Contestant {
  /// What the table calls it.
  String name();

  /// Works as fast as it can.
  Sample run(Duration duration) throws IOException, InterruptedException;
}
