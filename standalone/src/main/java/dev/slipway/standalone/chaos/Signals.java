package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Signals that Java cannot send.
final class Signals {
  private Signals() {}

  /// @param signal its name without SIG
  static void send(String signal, ProcessHandle process) {
    try {
      int status =
          new ProcessBuilder(
                  "sh", "-c", "kill -s \"$0\" \"$1\"", signal, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (status != 0 && process.isAlive()) {
        throw new IllegalStateException(
            "process %d took no SIG%s".formatted(process.pid(), signal));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
