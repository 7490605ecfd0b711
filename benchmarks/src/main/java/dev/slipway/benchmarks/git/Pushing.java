package dev.slipway.benchmarks.git;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.sandbox.SandboxClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.FileSystemUtils;

/// So many new files become a commit on a branch of its own, again and again.
///
/// @param push makes one, and says how long it took
record Pushing(String name, Repeated.Timed push) implements Contestant {
  private static final String PLACE = "/home/user/bench";

  /// Which branch is the next.
  private static final AtomicInteger BRANCHES = new AtomicInteger();

  /// Out of a sandbox: a patch, a commit, a push.
  static Pushing outOfSandboxes(SandboxClient client, Host host, int files) {
    return new Pushing(
        "out of a sandbox",
        () -> {
          String sandbox = client.create();
          Duration _ =
              client.repository(
                  "clone", sandbox, Map.of("repository_url", host.url().toString(), "path", PLACE));
          Duration _ = client.repository("branch", sandbox, Map.of("path", PLACE, "name", next()));
          client.script(sandbox, change(PLACE, files));
          Duration took =
              client
                  .repository("commit", sandbox, Map.of("path", PLACE, "message", "change"))
                  .plus(client.repository("push", sandbox, Map.of("path", PLACE)));
          client.kill(sandbox);
          return took;
        });
  }

  /// By the machine's git: add, commit, push.
  static Pushing directly(Host host, Path folder, int files) {
    return new Pushing(
        "git, directly",
        () -> {
          Path clone = folder.resolve("work");
          host.git(folder, "clone", "-q", "--depth", "1", host.url().toString(), "work");
          host.script(clone, change(".", files));
          long began = System.nanoTime();
          host.git(clone, "add", "-A");
          host.git(clone, "commit", "-q", "-m", "change");
          host.git(clone, "push", "-q", "origin", "HEAD:refs/heads/" + next());
          long took = System.nanoTime() - began;
          boolean _ = FileSystemUtils.deleteRecursively(clone);
          return Duration.ofNanos(took);
        });
  }

  private static String next() {
    return "change-" + BRANCHES.incrementAndGet();
  }

  /// Files of two kilobytes that are not alike.
  private static String change(String folder, int files) {
    return """
    cd %s && mkdir -p new && for n in $(seq %d); do
      for line in $(seq 40); do echo "line $line of file $n: all work and no play"; done > new/file$n
    done\
    """
        .formatted(folder, files);
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    return Repeated.run(duration, push);
  }
}
