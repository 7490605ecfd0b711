package dev.slipway.benchmarks;

import java.io.IOException;
import java.io.InputStream;

/// Files that come with the benchmarks: scripts and bodies.
public final class Resource {
  private Resource() {}

  /// Reads the file of that name beside a class.
  public static byte[] read(Class<?> beside, String name) throws IOException {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("resource " + name + " is missing");
      }
      return in.readAllBytes();
    }
  }
}
