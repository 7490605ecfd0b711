package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A command that was started. Closing ends it if it has not ended.
///
/// @param name for people
/// @param out file of its standard output
/// @param err file of its standard error
record RunningCommand(String name, Process process, Path out, Path err) implements AutoCloseable {

  /// What it has printed so far.
  String printed() {
    return read(out);
  }

  CommandResult awaitEnd(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), MILLISECONDS)) {
        throw new AssertionError(name + " did not end\n" + read(err));
      }
      return new CommandResult(process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Bytes that are no text come out as replacement characters.
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Process _ = process.destroyForcibly();
  }
}
