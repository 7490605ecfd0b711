package dev.slipway.sandbox.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A command as it is asked for: a line for a shell, or a program with its arguments.
///
/// @param command for `/bin/bash -l -c`; null when `argv` is given
/// @param argv without a shell; empty when `command` is given
/// @param directory where it starts, absolute; null for the home of the sandbox's user
/// @param environment added to the sandbox's: values, or references `secret://file/NAME`,
///   unresolved
/// @param timeout how long it may run, whole seconds
/// @param stdin what it reads before the end of its input; null for nothing
public record CommandSpec(
    @Nullable String command,
    List<String> argv,
    @Nullable String directory,
    Map<String, String> environment,
    Duration timeout,
    @Nullable String stdin) {
  private static final int MOST_SHOWN = 1_000;

  public CommandSpec {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /// Its beginning, for people, as it was asked for.
  String display() {
    return display(UnaryOperator.identity());
  }

  /// Its beginning, for people.
  ///
  /// @param masked makes of all of it what people may see
  public String display(UnaryOperator<String> masked) {
    String whole = masked.apply(command == null ? String.join(" ", argv) : command);
    return whole.codePointCount(0, whole.length()) <= MOST_SHOWN
        ? whole
        : whole.substring(0, whole.offsetByCodePoints(0, MOST_SHOWN - 1)) + "…";
  }

  /// Leaves out what may be the caller's secret.
  @Override
  public String toString() {
    return "CommandSpec[directory=%s, environment=%s, %s]"
        .formatted(directory, environment.keySet(), timeout);
  }
}
