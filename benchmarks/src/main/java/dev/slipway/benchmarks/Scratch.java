package dev.slipway.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/// Folders that are gone when the benchmark is over.
public final class Scratch implements AutoCloseable {
  private final Path root;

  private Scratch(Path root) {
    this.root = root;
  }

  public static Scratch create() throws IOException {
    return new Scratch(Files.createTempDirectory("slipway-bench"));
  }

  /// A new folder.
  public Path folder(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  @Override
  public void close() throws IOException {
    boolean _ = FileSystemUtils.deleteRecursively(root);
  }
}
