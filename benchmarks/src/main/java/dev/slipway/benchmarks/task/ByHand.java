package dev.slipway.benchmarks.task;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.git.Host;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The same calls by a shell script.
///
/// @param folder where it is, and where it runs
/// @param environment where the servers are
/// @param steps told how long each took
record ByHand(
    Path folder, Host host, Map<String, String> environment, Steps steps, AtomicInteger count) {
  private static final String SCRIPT = "by-hand.sh";

  /// @param folder an empty one
  static ByHand of(SlipwayParts slipway, Host host, Path folder, Steps steps) throws IOException {
    try (InputStream text = ByHand.class.getResourceAsStream(SCRIPT)) {
      if (text == null) {
        throw new IOException(SCRIPT + " is not in this build");
      }
      long _ = Files.copy(text, folder.resolve(SCRIPT));
    }
    Map<String, String> environment = new HashMap<>(host.environment());
    environment.put("E2B_URL", slipway.url("e2b").toString());
    environment.put("E2B_KEY", slipway.secret("e2b-api-key"));
    environment.put("GITHUB_URL", slipway.url("github").toString());
    environment.put("GITHUB_REPOSITORY", host.url().getPath().substring(1));
    environment.put("GITHUB_TOKEN", slipway.secret("github-token"));
    return new ByHand(folder, host, environment, steps, new AtomicInteger());
  }

  /// Does one task.
  ///
  /// @return how long it took until its pull request was there
  Duration once(String command) throws IOException, InterruptedException {
    int number = count.incrementAndGet();
    String printed =
        ChildProgram.run(
            new Command(
                List.of(
                    "/bin/bash",
                    SCRIPT,
                    host.url().toString(),
                    "by-hand-" + number,
                    "file" + number,
                    command),
                folder,
                environment));
    long millis = 0;
    for (String line : printed.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[0].equals("step")) {
        long took = Long.parseLong(words[2]);
        steps.add(words[1], (double) took);
        millis += took;
      }
    }
    return Duration.ofMillis(millis);
  }
}
