package dev.slipway.benchmarks.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Processes of this one, without a sandbox: what the machine itself can do.
final class Directly implements Place {
  @Override
  public String name() {
    return "directly";
  }

  @Override
  public Ran run(List<String> argv) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process process = new ProcessBuilder(argv).start();
    long bytes = process.getInputStream().transferTo(OutputStream.nullOutputStream());
    if (process.waitFor() != 0) {
      throw new IOException("a command did not run as it must");
    }
    return new Ran(bytes, System.nanoTime() - began);
  }

  @Override
  public void runAnew(List<String> argv) throws IOException, InterruptedException {
    if (run(argv).bytes() == 0) {
      throw new IOException("there was no output");
    }
  }

  @Override
  public void clear() {
    // processes end by themselves
  }
}
