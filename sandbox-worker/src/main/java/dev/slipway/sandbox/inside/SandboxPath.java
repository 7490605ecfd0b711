package dev.slipway.sandbox.inside;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// A path in a sandbox: absolute, or below the home of its user.
///
/// @param value absolute
record SandboxPath(String value) {
  private static final String HOME = "/home/user";
  private static final int LONGEST_BYTES = 4_096;

  /// Reads a path as callers give it.
  ///
  /// @return empty when it is none: empty, too long, with a NUL, or relative and not below the home
  static Optional<SandboxPath> parse(String given) {
    boolean isText = given.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
    if (given.isEmpty()
        || !isText
        || given.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
      return Optional.empty();
    }
    return given.startsWith("/") ? Optional.of(new SandboxPath(given)) : belowHome(given);
  }

  private static Optional<SandboxPath> belowHome(String relative) {
    Deque<String> steps = new ArrayDeque<>();
    for (String step : relative.split("/", -1)) {
      switch (step) {
        case "", "." -> {
          // leads nowhere else
        }
        case ".." -> {
          if (steps.pollLast() == null) {
            return Optional.empty();
          }
        }
        default -> steps.addLast(step);
      }
    }
    return Optional.of(
        new SandboxPath(steps.isEmpty() ? HOME : HOME + "/" + String.join("/", steps)));
  }
}
