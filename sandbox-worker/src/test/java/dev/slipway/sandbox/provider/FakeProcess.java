package dev.slipway.sandbox.provider;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process of a [FakeSandbox]: one of this machine. What it prints while nobody listens is lost.
final class FakeProcess {
  private static final String DIRECTORY = "/tmp";

  /// Nobody's home: a login shell would read what is in one, and print what that has to say.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", "/nonexistent");

  private static final File NOTHING = new File("/dev/null");

  /// What its exit code is above when a signal ended it.
  private static final int SIGNALLED = 128;

  private final Command command;
  private final Process process;

  // @GuardedBy: this, as all that follow
  private final List<Stream> streams = new ArrayList<>();
  private @Nullable String ending;
  private @Nullable Supplier<ProcessEvent> end;

  private FakeProcess(Command command, Process process) {
    this.command = command;
    this.process = process;
  }

  /// Starts one that prints nothing before it [begins][#begin].
  static FakeProcess start(Command command, Map<String, String> environment, FakeFiles files) {
    String directory = command.directory();
    var builder =
        new ProcessBuilder(command.argv().stream().map(files::told).toList())
            .directory(new File(directory == null ? DIRECTORY : files.told(directory)));
    var all = new HashMap<>(ENVIRONMENT);
    all.putAll(environment);
    all.putAll(command.environment());
    all.replaceAll((_, value) -> files.told(value));
    builder.environment().clear();
    builder.environment().putAll(all);
    if (!command.takesStdin()) {
      builder.redirectInput(NOTHING);
    }
    try {
      return new FakeProcess(command, builder.start());
    } catch (IOException e) {
      throw new ProviderRefusedException(
          FailureCode.VALIDATION_FAILED, "this cannot be run", false, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  RunningProcess seen() {
    return new RunningProcess(pid(), command.argv(), command.directory());
  }

  /// What it prints from its beginning. Called once.
  ProcessStream begin() {
    ProcessStream stream = attach();
    Thread stdout = pump(process.getInputStream(), ProcessEvent.Channel.STDOUT);
    Thread stderr = pump(process.getErrorStream(), ProcessEvent.Channel.STDERR);
    var _ = Thread.ofPlatform().daemon().start(() -> awaitEnd(stdout, stderr));
    return stream;
  }

  private Thread pump(InputStream output, ProcessEvent.Channel channel) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          byte[] buffer = new byte[1 << 16];
          try (output) {
            for (int read = output.read(buffer); read >= 0; read = output.read(buffer)) {
              var event = new ProcessEvent.Output(channel, Arrays.copyOf(buffer, read));
              publish(() -> event);
            }
          } catch (IOException e) {
            publish(() -> {
              throw FakeSession.refused(FailureCode.INTERNAL, "its output cannot be read: " + e);
            });
          }
        });
  }

  private void awaitEnd(Thread stdout, Thread stderr) {
    try {
      boolean isInTime =
          command.limit() == null
              || process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS);
      if (!isInTime) {
        kill(FakeSession.refused(FailureCode.TIMEOUT, "its time is over"));
      }
      int code = process.waitFor();
      stdout.join();
      stderr.join();
      end(new ProcessEvent.Ended(exit(code)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized ProcessExit exit(int code) {
    return ending != null && code > SIGNALLED
        ? new ProcessExit.Signalled(ending)
        : new ProcessExit.Code(code);
  }

  private synchronized void end(ProcessEvent ended) {
    end = () -> ended;
    publish(end);
  }

  private synchronized void publish(Supplier<ProcessEvent> event) {
    streams.forEach(stream -> stream.events.add(event));
  }

  /// What it prints from now on.
  synchronized ProcessStream attach() {
    var stream = new Stream();
    if (end == null) {
      streams.add(stream);
    } else {
      stream.events.add(end);
    }
    return stream;
  }

  private synchronized void detach(Stream stream) {
    streams.remove(stream);
  }

  private synchronized void breakStreams(RuntimeException failure) {
    publish(() -> {
      throw failure;
    });
    streams.clear();
  }

  void write(byte[] bytes) {
    try {
      process.getOutputStream().write(bytes);
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new ProviderRefusedException(FailureCode.NOT_FOUND, "nobody reads its input", false, e);
    }
  }

  void closeStdin() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new ProviderRefusedException(FailureCode.NOT_FOUND, "nobody reads its input", false, e);
    }
  }

  /// Signals it.
  ///
  /// @return false when it has ended
  synchronized boolean signal(Signal signal) {
    if (!process.isAlive()) {
      return false;
    }
    return switch (signal) {
      case TERM -> {
        ending = "terminated";
        yield process.toHandle().destroy();
      }
      case KILL -> {
        ending = "killed";
        yield process.toHandle().destroyForcibly();
      }
    };
  }

  /// Ends it with all that it has started.
  void kill(ProviderRefusedException why) {
    breakStreams(why);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    boolean _ = signal(Signal.KILL);
    var _ = process.onExit().join(); // nothing is written any more
  }

  void freeze(ProviderUnavailableException why) {
    breakStreams(why);
    send("STOP");
  }

  void thaw() {
    send("CONT");
  }

  private void send(String what) {
    try {
      if (process.isAlive()) {
        int _ = new ProcessBuilder("kill", "-" + what, Long.toString(pid())).start().waitFor();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What one who listens gets.
  private final class Stream implements ProcessStream {
    private final BlockingQueue<Supplier<ProcessEvent>> events = new LinkedBlockingQueue<>();

    // CONFINED: to the thread that reads it
    private boolean isOver;

    @Override
    public long pid() {
      return process.pid();
    }

    @Override
    public Optional<ProcessEvent> next() {
      if (isOver) {
        return Optional.empty();
      }
      try {
        ProcessEvent event = events.take().get();
        isOver = event instanceof ProcessEvent.Ended;
        return Optional.of(event);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      detach(this);
    }
  }
}
