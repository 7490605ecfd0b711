package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What runs in a sandbox on our behalf: small shell scripts, given as arguments, so that nothing
/// of ours has to be there. They need bash, coreutils, grep and setsid.
final class Scripts {
  private static final String RUN = read("run.sh");
  private static final String LOOK = read("look.sh");
  private static final String FOLLOW = read("follow.sh");
  private static final String STOP = read("stop.sh");
  private static final long KIB = 1_024;

  private Scripts() {}

  /// Begins a command. It wants what [#header] makes as its standard input.
  ///
  /// @param limitBytes of each output that are kept, in whole KiB
  static Command run(UUID id, long limitBytes, long seconds, String directory, List<String> argv) {
    var arguments = new ArrayList<String>();
    arguments.add(Long.toString(limitBytes / KIB));
    arguments.add(Long.toString(seconds));
    arguments.add(directory);
    arguments.addAll(argv);
    return script(RUN, id, arguments).withStdin();
  }

  /// What a command gets that must not stand in arguments or files.
  ///
  /// @param environment names without `=` or NUL, values without NUL
  static byte[] header(Map<String, String> environment, byte[] stdin) {
    var header = new ByteArrayOutputStream();
    environment.forEach((name, value) -> {
      header.writeBytes((name + "=" + value).getBytes(StandardCharsets.UTF_8));
      header.write(0);
    });
    header.write(0);
    header.writeBytes((stdin.length + "\n").getBytes(StandardCharsets.US_ASCII));
    header.writeBytes(stdin);
    return header.toByteArray();
  }

  /// Asks what has become of a command.
  static Command look(UUID id) {
    return script(LOOK, id, List.of());
  }

  /// Prints what a command prints, from these offsets on.
  static Command follow(UUID id, long stdout, long stderr) {
    return script(FOLLOW, id, List.of(Long.toString(stdout), Long.toString(stderr)));
  }

  /// Stops a command, or sees to it that it never begins.
  static Command stop(UUID id) {
    return script(STOP, id, List.of());
  }

  private static Command script(String script, UUID id, List<String> arguments) {
    var argv = new ArrayList<>(List.of("/bin/bash", "-c", script, "slipway", id.toString()));
    argv.addAll(arguments);
    return Command.of(argv.toArray(String[]::new));
  }

  private static String read(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
