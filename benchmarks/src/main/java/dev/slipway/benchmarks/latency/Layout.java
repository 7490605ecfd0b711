package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How an installation is spread over processes.
public enum Layout {
  /// All of it by one command.
  UP("up") {
    @Override
    SlipwayParts start(Build build, Path folder) throws IOException, InterruptedException {
      return SlipwayParts.start(build, folder, "up");
    }
  },
  /// Each service in one of its own.
  PROCESSES("processes") {
    @Override
    SlipwayParts start(Build build, Path folder) throws IOException, InterruptedException {
      SlipwayParts slipway = SlipwayParts.start(build, folder, "run", "infra");
      for (String service : List.of("webhook-ingress", "pr-service", "notifier")) {
        ChildProgram _ = slipway.run(service, Map.of());
      }
      return slipway;
    }
  };

  final String title;

  Layout(String title) {
    this.title = title;
  }

  /// Starts a new one.
  ///
  /// @return once all of it is ready
  abstract SlipwayParts start(Build build, Path folder) throws IOException, InterruptedException;
}
