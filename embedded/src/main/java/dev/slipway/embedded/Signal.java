package dev.slipway.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A signal to a process and how long it then has to end before the next one is sent.
///
/// @param name as `kill` takes it, such as `INT`
/// @param patience how long to wait for the end
record Signal(String name, Duration patience) {
  private static final Logger log = LoggerFactory.getLogger(Signal.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /// Sends the signals one after another until the process has ended.
  static void end(long pid, List<Signal> signals) {
    for (Signal signal : signals) {
      if (hasEnded(pid)) {
        return;
      }
      signal.send(pid);
      if (awaitEnd(pid, signal.patience())) {
        return;
      }
      log.atWarn()
          .addKeyValue("pid", pid)
          .addKeyValue("signal", signal.name())
          .log("process does not end");
    }
  }

  private void send(long pid) {
    try {
      // The JDK can send only TERM and KILL.
      int status =
          new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (status != 0) {
        log.atDebug().addKeyValue("pid", pid).log("process is gone already");
      }
    } catch (IOException e) {
      log.atWarn().addKeyValue("pid", pid).setCause(e).log("signal could not be sent");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean awaitEnd(long pid, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!hasEnded(pid)) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      // Waits in small steps: a zombie never completes the future of an orphan.
      var process = ProcessHandle.of(pid);
      if (process.isEmpty()) {
        return true;
      }
      try {
        process.get().onExit().get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException _) {
        // looks again
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private static boolean hasEnded(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()
        || OsProcess.isZombie(pid);
  }
}
