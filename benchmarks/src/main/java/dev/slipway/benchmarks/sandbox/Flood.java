package dev.slipway.benchmarks.sandbox;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// One command after the other prints so many bytes, each of which must come.
///
/// @param runner runs a command to its end
record Flood(String name, Runner runner, long bytes) implements Contestant {
  /// Lines of readable text, faster than anybody reads them.
  private static final String PRINT = "yes \"$0\" | head -c \"$1\"";

  private static final String LINE = "All work and no play makes Jack a dull boy. ".repeat(2);

  /// Who runs a command.
  @FunctionalInterface
  interface Runner {
    Place.Ran run(List<String> argv) throws IOException, InterruptedException;
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    List<String> command = List.of("/bin/bash", "-c", PRINT, LINE, Long.toString(bytes));
    long began = System.nanoTime();
    long busy = 0;
    long commands = 0;
    do {
      Place.Ran ran = runner.run(command);
      if (ran.bytes() != bytes) {
        throw new IOException("of %d bytes %d came".formatted(bytes, ran.bytes()));
      }
      busy += ran.nanos();
      commands++;
    } while (System.nanoTime() - began < duration.toNanos());
    return new Sample(commands * bytes / 1e6 / (busy / 1e9), commands, null, null, 0);
  }
}
