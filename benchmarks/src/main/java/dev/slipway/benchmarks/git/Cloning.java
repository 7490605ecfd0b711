package dev.slipway.benchmarks.git;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.sandbox.SandboxClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/// One clone after the other, of the one commit that the branch is at.
///
/// @param work makes one, and says how long it took
record Cloning(String name, Repeated.Timed work) implements Contestant {
  private static final String PLACE = "/home/user/bench";

  /// Into a sandbox made for it.
  ///
  /// @param isCold whether the worker has not fetched the commit before
  static Cloning intoSandboxes(SandboxClient client, Host host, boolean isCold) {
    Map<String, String> wanted =
        Map.of("repository_url", host.url().toString(), "path", PLACE, "branch", "main");
    return new Cloning(
        isCold ? "into a sandbox, cold" : "into a sandbox, from a snapshot",
        () -> {
          String sandbox = client.create();
          if (isCold) {
            host.moveOn();
          } else {
            // somebody else's
            String other = client.create();
            Duration _ = client.repository("clone", other, wanted);
            client.kill(other);
          }
          client.script(sandbox, "true"); // it runs
          Duration took = client.repository("clone", sandbox, wanted);
          client.kill(sandbox);
          return took;
        });
  }

  /// Into a folder, by the machine's git.
  static Cloning directly(Host host, Path folder) {
    return new Cloning(
        "git, directly",
        () -> {
          Path into = folder.resolve("clone");
          long began = System.nanoTime();
          host.git(
              folder, "clone", "-q", "--depth", "1", "-b", "main", host.url().toString(), "clone");
          long took = System.nanoTime() - began;
          if (!Files.exists(into.resolve("folder0/file0"))) {
            throw new IOException("nothing was cloned");
          }
          boolean _ = FileSystemUtils.deleteRecursively(into);
          return Duration.ofNanos(took);
        });
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    return Repeated.run(duration, work);
  }
}
