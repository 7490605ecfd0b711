package dev.slipway.sandbox.git;

import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.FileEntry;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessExit;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.RunningProcess;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.provider.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A sandbox that is none: processes and files of this machine, and a worker who can be killed at
/// whatever he is about to do there.
final class FolderSession implements SandboxSession {
  private static final String TEMPORARY = "/tmp/.slipway";

  private final Path temporary;
  private final Map<String, String> environment = new HashMap<>();

  // CONFINED: to the test's thread
  private Predicate<String> killing = _ -> false;
  private int writes;

  /// @param temporary in the place of what sandboxes have for the worker
  FolderSession(Path temporary) {
    this.temporary = temporary;
  }

  private String here(String text) {
    return text.replace(TEMPORARY, temporary.toString());
  }

  private Path file(String path) {
    return Path.of(here(path));
  }

  /// The worker ends before, or in the middle of, what this describes: `write NAME`, `run SCRIPT`,
  /// `ran SCRIPT`.
  void killAt(Predicate<String> moment) {
    killing = moment;
  }

  void killNever() {
    killing = _ -> false;
  }

  /// What everything in it finds.
  void environment(String name, String value) {
    environment.put(name, value);
  }

  int writes() {
    return writes;
  }

  private void at(String moment) {
    if (killing.test(moment)) {
      throw new ProviderUnavailableException(
          FailureCode.UNAVAILABLE, "killed at " + moment, true, Duration.ZERO, null);
    }
  }

  @Override
  public ProcessStream start(Command command) {
    String script = command.argv().toString();
    at("run " + script);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command.argv().stream().map(this::here).toList())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      int exit = process.waitFor();
      at("ran " + script);
      Deque<ProcessEvent> events = new ArrayDeque<>();
      if (output.length > 0) {
        events.add(new ProcessEvent.Output(ProcessEvent.Channel.STDOUT, output));
      }
      events.add(new ProcessEvent.Ended(new ProcessExit.Code(exit)));
      return new ProcessStream() {
        @Override
        public long pid() {
          return process.pid();
        }

        @Override
        public Optional<ProcessEvent> next() {
          return Optional.ofNullable(events.poll());
        }

        @Override
        public void close() {}
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<InputStream> read(String path, ByteRange range) {
    try {
      return Files.exists(file(path))
          ? Optional.of(Files.newInputStream(file(path)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void write(String path, InputStream content) {
    writes++;
    try {
      Path file = file(path);
      Files.createDirectories(file.getParent());
      if (killing.test("write " + file.getFileName())) {
        Files.write(file, content.readNBytes(10));
        at("write " + file.getFileName());
      }
      var _ = Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<FileEntry> stat(String path) {
    Path file = file(path);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(
            new FileEntry(
                file.getFileName().toString(),
                path,
                Files.isDirectory(file) ? FileEntry.Kind.DIRECTORY : FileEntry.Kind.FILE,
                0,
                0644,
                "user",
                "user",
                Instant.EPOCH,
                null))
        : Optional.empty();
  }

  @Override
  public void remove(String path) {
    Folders.delete(file(path));
  }

  @Override
  public boolean isAlive() {
    return true;
  }

  @Override
  public List<RunningProcess> processes() {
    return List.of();
  }

  @Override
  public ProcessStream connect(long pid) {
    throw unneeded();
  }

  @Override
  public void sendStdin(long pid, byte[] bytes) {
    throw unneeded();
  }

  @Override
  public void closeStdin(long pid) {
    throw unneeded();
  }

  @Override
  public boolean signal(long pid, Signal signal) {
    throw unneeded();
  }

  @Override
  public Optional<List<FileEntry>> list(String path, int depth) {
    throw unneeded();
  }

  @Override
  public boolean makeDirectory(String path) {
    throw unneeded();
  }

  @Override
  public void move(String source, String destination) {
    throw unneeded();
  }

  private static UnsupportedOperationException unneeded() {
    return new UnsupportedOperationException("git needs no such thing");
  }
}
