package dev.slipway.benchmarks.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Sandboxes of an installation, through its API.
///
/// @param shared the one in which commands follow each other
/// @param left made anew, and not ended yet
record InSandboxes(SandboxClient client, String shared, Queue<String> left) implements Place {
  static InSandboxes of(SandboxClient client) throws IOException, InterruptedException {
    String shared = client.create();
    client.awaitRunning(shared);
    return new InSandboxes(client, shared, new ConcurrentLinkedQueue<>());
  }

  @Override
  public String name() {
    return "in sandboxes";
  }

  /// Its output has come once `sandbox.output` has it, which is before the command is said to have
  /// ended.
  @Override
  public Ran run(List<String> argv) throws IOException, InterruptedException {
    return client.awaitSuccess(client.run(shared, argv));
  }

  /// Reads the output while the command runs.
  Ran runAndRead(List<String> argv) throws IOException, InterruptedException {
    long began = System.nanoTime();
    String operation = client.run(shared, argv);
    long bytes = client.output(operation, Long.MAX_VALUE);
    var ran = new Ran(bytes, System.nanoTime() - began);
    Ran _ = client.awaitSuccess(operation);
    return ran;
  }

  @Override
  public void runAnew(List<String> argv) throws IOException, InterruptedException {
    String sandbox = client.create();
    left.add(sandbox);
    if (client.output(client.run(sandbox, argv), 1) == 0) {
      throw new IOException("there was no output");
    }
  }

  @Override
  public void clear() throws IOException, InterruptedException {
    for (String sandbox = left.poll(); sandbox != null; sandbox = left.poll()) {
      client.kill(sandbox);
    }
  }
}
