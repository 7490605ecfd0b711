package dev.slipway.sandbox.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A process to start.
///
/// @param argv the program and its arguments, without a shell; everybody in the sandbox can read
///   them
/// @param environment added to the sandbox's own; may hold secrets, so it never prints
/// @param directory where it starts; null for the user's home
/// @param user as whom; null for the sandbox's default
/// @param takesStdin whether its standard input stays open for [SandboxSession#sendStdin]; else it
///   is empty
/// @param limit after which the sandbox kills it; null for none
public record Command(
    List<String> argv,
    Map<String, String> environment,
    @Nullable String directory,
    @Nullable String user,
    boolean takesStdin,
    @Nullable Duration limit) {
  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    if (limit != null && !limit.isPositive()) {
      throw new IllegalArgumentException("a command's limit must be positive");
    }
  }

  /// As the default user, in its home, with nothing to read and no limit.
  public static Command of(String... argv) {
    return new Command(List.of(argv), Map.of(), null, null, false, null);
  }

  /// A line for `/bin/bash -l -c`, else as [#of].
  public static Command shell(String line) {
    return of("/bin/bash", "-l", "-c", line);
  }

  public Command withEnvironment(Map<String, String> environment) {
    return new Command(argv, environment, directory, user, takesStdin, limit);
  }

  public Command in(String directory) {
    return new Command(argv, environment, directory, user, takesStdin, limit);
  }

  public Command as(String user) {
    return new Command(argv, environment, directory, user, takesStdin, limit);
  }

  public Command withStdin() {
    return new Command(argv, environment, directory, user, true, limit);
  }

  public Command within(Duration limit) {
    return new Command(argv, environment, directory, user, takesStdin, limit);
  }

  /// Leaves out the arguments and the values of the environment.
  @Override
  public String toString() {
    return "Command[%s, environment=%s]".formatted(argv.getFirst(), environment.keySet());
  }
}
