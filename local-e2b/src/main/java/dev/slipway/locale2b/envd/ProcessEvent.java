package dev.slipway.locale2b.envd;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the readers of a process's stream are told.
sealed interface ProcessEvent {
  /// Output.
  final class Output implements ProcessEvent {
    private final String channel;
    private final String base64;

    /// @param channel `stdout`, `stderr` or `pty`
    Output(String channel, byte[] bytes, int length) {
      this.channel = channel;
      base64 = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length));
    }

    Map<String, Object> json() {
      return Map.of("event", Map.of("data", Map.of(channel, base64)));
    }
  }

  /// The end of the process.
  ///
  /// @param exitCode -1 when a signal ended it
  /// @param signal such as `killed`; empty when it ended by itself
  /// @param timedOut whether its time was over
  record End(int exitCode, String signal, boolean timedOut) implements ProcessEvent {
    Map<String, Object> json() {
      Map<String, Object> end = new LinkedHashMap<>();
      if (exitCode != 0) {
        end.put("exitCode", exitCode);
      }
      if (signal.isEmpty()) {
        end.put("exited", true);
      }
      String status = signal.isEmpty() ? "exit status " + exitCode : "signal: " + signal;
      end.put("status", status);
      if (exitCode != 0) {
        end.put("error", status);
      }
      return Map.of("event", Map.of("end", end));
    }
  }

  /// The sandbox is gone, or paused: the stream breaks off.
  record Cut() implements ProcessEvent {}
}
