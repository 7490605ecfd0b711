package dev.slipway.sandbox.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a command ended, as `run.sh` has put it down.
///
/// @param code as a shell has it: 128 and the signal for one that a signal ended
/// @param truncated whether more was printed than is kept
/// @param late whether it was stopped because its time was over
public record Exit(
    int code,
    long stdoutBytes,
    long stderrBytes,
    boolean truncated,
    boolean late,
    long durationMillis) {
  private static final Pattern LINE =
      Pattern.compile("(\\d{1,3}) (\\d{1,18}) (\\d{1,18}) ([01]) ([01]) (\\d{1,18})");
  private static final String[] SIGNALS = {
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM"
  };
  private static final int SIGNALLED = 128;

  /// Reads it.
  ///
  /// @return null when a command has written something else there
  static @Nullable Exit parse(String line) {
    Matcher fields = LINE.matcher(line);
    return fields.matches()
        ? new Exit(
            Integer.parseInt(fields.group(1)),
            Long.parseLong(fields.group(2)),
            Long.parseLong(fields.group(3)),
            fields.group(4).equals("1"),
            fields.group(5).equals("1"),
            Long.parseLong(fields.group(6)))
        : null;
  }

  /// What was published of its output counts: what it left running may print on.
  Exit with(long stdout, long stderr) {
    return new Exit(code, stdout, stderr, truncated, late, durationMillis);
  }

  /// The signal that ended it, such as `KILL`; null when none did.
  public @Nullable String signal() {
    int number = code - SIGNALLED;
    return number >= 1 && number <= SIGNALS.length ? SIGNALS[number - 1] : null;
  }
}
