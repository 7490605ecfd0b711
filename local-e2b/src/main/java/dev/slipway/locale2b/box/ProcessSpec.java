package dev.slipway.locale2b.box;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program to be started in a box.
///
/// @param command the program, found on the `PATH` of its environment, and its arguments
/// @param environment exactly this, nothing of ours
/// @param directory where it starts, an absolute path in the box
/// @param stdin whether it can be written to; otherwise it reads the end of file at once
/// @param terminal a terminal of this size instead of pipes; what it prints is then all
///   [BoxProcess#stdout], and it can be written to in any case
public record ProcessSpec(
    List<String> command,
    Map<String, String> environment,
    String directory,
    BoxUser user,
    boolean stdin,
    @Nullable TerminalSize terminal) {
  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a command has a program");
    }
    command.forEach(ProcessSpec::check);
    environment.forEach((name, value) -> {
      check(name);
      check(value);
      if (name.isEmpty() || name.contains("=")) {
        throw new IllegalArgumentException("\"" + name + "\" is no name of a variable");
      }
    });
    check(directory);
  }

  private static void check(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("no program can be given a character of code zero");
    }
  }
}
