package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The signals that Java cannot send.
final class Signals {
  private Signals() {}

  static void stop(ProcessHandle process) {
    send("STOP", process);
  }

  static void goOn(ProcessHandle process) {
    send("CONT", process);
  }

  /// Ctrl-C.
  static void interrupt(ProcessHandle process) {
    send("INT", process);
  }

  private static void send(String signal, ProcessHandle process) {
    try {
      int exit =
          new ProcessBuilder(
                  "sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid()))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0 && process.isAlive()) {
        throw new AssertionError("process " + process.pid() + " took no SIG" + signal);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
