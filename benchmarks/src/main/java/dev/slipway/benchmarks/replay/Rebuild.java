package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// `rebuild --verify` of all that pr-service has seen: folding the log, and comparing every row.
record Rebuild(SlipwayParts slipway) implements Contestant {
  @Override
  public String name() {
    return "pr-service: rebuild --verify";
  }

  /// @param duration not used: it is the deliveries that are counted
  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    try (ChildProgram _ = slipway.runAlone("pr-service", Map.of());
        Figures figures = Figures.of(slipway)) {
      String _ = slipway.call("rebuild", "--stage", "pr-service", "--verify", "--quiet");
      return figures.lastRebuild();
    }
  }
}
