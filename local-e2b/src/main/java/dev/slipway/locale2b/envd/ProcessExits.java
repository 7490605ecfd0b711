package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.BoxExit;

/// Says how a process ended, in the words of the daemon.
final class ProcessExits {
  private ProcessExits() {}

  static ProcessEvent.End end(BoxExit exit, boolean timedOut) {
    return switch (exit) {
      case BoxExit.Code(int value) -> new ProcessEvent.End(value, "", timedOut);
      case BoxExit.Signal(int number) -> new ProcessEvent.End(-1, name(number), timedOut);
      // with its box; whoever reads the stream is cut off before
      case BoxExit.Lost _ -> new ProcessEvent.End(-1, name(9), timedOut);
    };
  }

  private static String name(int signal) {
    return switch (signal) {
      case 1 -> "hangup";
      case 2 -> "interrupt";
      case 3 -> "quit";
      case 4 -> "illegal instruction";
      case 6 -> "aborted";
      case 8 -> "floating point exception";
      case 9 -> "killed";
      case 11 -> "segmentation fault";
      case 13 -> "broken pipe";
      case 14 -> "alarm clock";
      case 15 -> "terminated";
      default -> "signal " + signal;
    };
  }
}
