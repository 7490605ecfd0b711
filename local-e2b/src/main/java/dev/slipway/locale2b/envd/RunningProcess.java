package dev.slipway.locale2b.envd;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.slipway.locale2b.box.BoxException;
import dev.slipway.locale2b.box.BoxExit;
import dev.slipway.locale2b.box.BoxProcess;
import dev.slipway.locale2b.box.BoxSignal;
import dev.slipway.locale2b.box.ProcessSpec;
import dev.slipway.locale2b.box.TerminalSize;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process that was started through the daemon. It outlives the streams of those who read it;
/// what nobody reads is dropped, and who reads slowly makes it wait.
final class RunningProcess {
  private static final Logger log = LoggerFactory.getLogger(RunningProcess.class);
  private static final int CHUNK = 32 << 10;

  /// What output that is in the pipes gets to arrive after a signal; those who hold them may live.
  private static final Duration AFTER_SIGNAL = Duration.ofMillis(200);

  private final BoxProcess process;
  private final ProcessSpec spec;
  private final Optional<String> tag;
  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock input = new ReentrantLock();
  private final CompletableFuture<Boolean> signalled = new CompletableFuture<>();
  private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
  private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
  private final AtomicInteger open;

  // guarded by lock
  private final List<Mailbox<ProcessEvent>> readers = new ArrayList<>();
  private ProcessEvent.@Nullable End end;
  private boolean stdinOpen;
  private boolean timedOut;

  private RunningProcess(BoxProcess process, ProcessSpec spec, Optional<String> tag) {
    this.process = process;
    this.spec = spec;
    this.tag = tag;
    stdinOpen = spec.stdin();
    open = new AtomicInteger(spec.terminal() == null ? 2 : 1);
  }

  /// Begins to read what the process writes, for a first reader that misses nothing.
  static RunningProcess follow(
      BoxProcess process, ProcessSpec spec, Optional<String> tag, Mailbox<ProcessEvent> reader) {
    RunningProcess running = new RunningProcess(process, spec, tag);
    running.readers.add(reader);
    if (spec.terminal() == null) {
      running.pump("stdout", process.stdout());
      running.pump("stderr", process.stderr());
    } else {
      running.pump("pty", process.stdout());
    }
    var _ =
        process
            .onExit()
            .thenAccept(exit ->
                Thread.ofVirtual().name("process-end").start(() -> running.awaitOutput(exit)));
    return running;
  }

  private void pump(String channel, InputStream from) {
    // on a virtual thread a pipe would keep its carrier
    Thread.ofPlatform()
        .daemon()
        .name("process-" + channel)
        .start(() -> {
          try (from) {
            byte[] chunk = new byte[CHUNK];
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
              tell(new ProcessEvent.Output(channel, chunk, read));
            }
          } catch (IOException e) {
            // the other end of a terminal, or of a box that is gone
            log.atDebug().addKeyValue("channel", channel).setCause(e).log("output has ended");
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } finally {
            if (open.decrementAndGet() == 0) {
              drained.complete(true);
            }
          }
        });
  }

  private void tell(ProcessEvent.Output output) throws InterruptedException {
    for (Mailbox<ProcessEvent> reader : readersUnlessEnded()) {
      reader.put(output);
    }
  }

  private List<Mailbox<ProcessEvent>> readersUnlessEnded() {
    lock.lock();
    try {
      return end == null ? List.copyOf(readers) : List.of();
    } finally {
      lock.unlock();
    }
  }

  /// What it started may keep its output open, until a signal says that nobody wants that.
  private void awaitOutput(BoxExit exit) {
    try {
      var _ = CompletableFuture.anyOf(drained, signalled).join();
      var _ = drained.completeOnTimeout(false, AFTER_SIGNAL.toMillis(), MILLISECONDS).join();
      finish(exit);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      finished.complete(true);
    }
  }

  private void finish(BoxExit exit) throws InterruptedException {
    List<Mailbox<ProcessEvent>> told;
    ProcessEvent.End ended;
    lock.lock();
    try {
      ended = ProcessExits.end(exit, timedOut);
      end = ended;
      told = List.copyOf(readers);
      readers.clear();
    } finally {
      lock.unlock();
    }
    closeInput();
    for (Mailbox<ProcessEvent> reader : told) {
      reader.put(ended);
    }
  }

  private void closeInput() {
    try {
      process.stdin().close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("input was closed by the process");
    }
  }

  /// Adds a reader, who is told what comes from now on; of an ended process, its end.
  void subscribe(Mailbox<ProcessEvent> reader) throws InterruptedException {
    ProcessEvent.End ended;
    lock.lock();
    try {
      ended = end;
      if (ended == null) {
        readers.add(reader);
      }
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      reader.put(ended);
    }
  }

  void unsubscribe(Mailbox<ProcessEvent> reader) {
    lock.lock();
    try {
      readers.remove(reader);
    } finally {
      lock.unlock();
    }
    reader.close();
  }

  /// Breaks off the streams of all readers.
  void cut() {
    List<Mailbox<ProcessEvent>> told;
    lock.lock();
    try {
      told = List.copyOf(readers);
      readers.clear();
    } finally {
      lock.unlock();
    }
    told.forEach(reader -> reader.replaceAll(new ProcessEvent.Cut()));
  }

  /// Ends it because its time is over.
  void timeOut() {
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      timedOut = true;
    } finally {
      lock.unlock();
    }
    signal(BoxSignal.KILL);
  }

  void signal(BoxSignal signal) {
    try {
      process.signal(signal);
    } catch (BoxException e) {
      throw new RpcException(
          RpcCode.INTERNAL, "the process cannot be signalled: " + e.getMessage());
    }
    signalled.complete(true);
  }

  /// Writes to its standard input, or to its terminal.
  void write(byte[] bytes) throws InterruptedException {
    input.lock();
    try {
      if (!stdinOpen && spec.terminal() == null) {
        throw new RpcException(RpcCode.INTERNAL, "stdin of the process is not open");
      }
      Pipes.call(() -> {
        process.stdin().write(bytes);
        process.stdin().flush();
        return bytes.length;
      });
    } catch (IOException _) {
      throw new RpcException(RpcCode.INTERNAL, "the process does not read its stdin");
    } finally {
      input.unlock();
    }
  }

  void closeStdin() {
    input.lock();
    try {
      if (spec.terminal() != null) {
        throw new RpcException(
            RpcCode.FAILED_PRECONDITION, "stdin of a terminal cannot be closed: send Ctrl-D");
      }
      if (stdinOpen) {
        stdinOpen = false;
        process.stdin().close();
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("stdin was closed by the process");
    } finally {
      input.unlock();
    }
  }

  void resize(TerminalSize size) {
    if (spec.terminal() == null) {
      throw new RpcException(RpcCode.FAILED_PRECONDITION, "the process has no terminal");
    }
    try {
      process.resize(size);
    } catch (BoxException e) {
      throw new RpcException(RpcCode.INTERNAL, "the terminal keeps its size: " + e.getMessage());
    }
  }

  boolean isLive() {
    lock.lock();
    try {
      return end == null;
    } finally {
      lock.unlock();
    }
  }

  long pid() {
    return process.pid();
  }

  ProcessSpec spec() {
    return spec;
  }

  Optional<String> tag() {
    return tag;
  }

  /// Completes when it and its output have ended.
  CompletableFuture<Boolean> finished() {
    return finished;
  }
}
