package dev.slipway.standalone;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The choice to have sandboxes without walls.
final class UnsafeSandboxes {
  /// What would be there for everything that runs in them.
  private static final List<String> CREDENTIALS =
      List.of("GITHUB_TOKEN", "GITHUB_APP_ID", "GITHUB_APP_KEY_FILE", "E2B_API_KEY");

  @Option(
      names = "--unsafe-local-sandboxes",
      description =
          "Do not isolate local sandboxes: what runs in them can do all that Slipway can.")
  boolean chosen;

  /// Says what was chosen.
  ///
  /// @throws CommandFailedException when there are credentials that are worth more than a try
  void check(Map<String, String> environment, PrintWriter err) {
    if (!chosen) {
      return;
    }
    for (String credential : CREDENTIALS) {
      if (!environment.getOrDefault(credential, "").isBlank()) {
        throw new CommandFailedException(
            ExitCode.PREREQUISITE,
            "--unsafe-local-sandboxes is refused while %s is set: whatever runs in a sandbox could read it"
                .formatted(credential));
      }
    }
    err.println(
        "slipway: WARNING: local sandboxes are not isolated (--unsafe-local-sandboxes): what runs in"
            + " them can read and change all that you can");
    err.flush();
  }
}
