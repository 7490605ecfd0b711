package dev.slipway.sandbox.provider;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A process that runs in a sandbox. Its environment, which may hold secrets, is left there.
///
/// @param pid within the sandbox
/// @param directory where it started; null for the user's home
public record RunningProcess(long pid, List<String> argv, @Nullable String directory) {
  public RunningProcess {
    argv = List.copyOf(argv);
  }

  /// Leaves out the arguments.
  @Override
  public String toString() {
    return "RunningProcess[%d, %s]".formatted(pid, argv.getFirst());
  }
}
