package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.SandboxSession;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One command in its sandbox. It may be begun, looked at, followed and stopped by anybody at any
/// time: it is begun once.
public final class CommandInSandbox {
  private static final Duration QUICK = Duration.ofSeconds(90);
  private static final int MOST_ANSWERED = 4_096;
  private static final int STDIN_PIECE = 32 * 1_024;

  private final SandboxSession session;
  private final UUID id;

  CommandInSandbox(SandboxSession session, UUID id) {
    this.session = session;
    this.id = id;
  }

  /// What has become of it.
  sealed interface Seen {
    /// It was not begun.
    record None() implements Seen {}

    /// It runs.
    record Running() implements Seen {}

    /// It has ended.
    record Ended(Exit exit) implements Seen {}

    /// It was not begun and never will be: there was no such directory.
    record NoDirectory() implements Seen {}

    /// It was begun, runs no longer, and has not said how it ended.
    record Lost() implements Seen {}
  }

  /// What it is.
  ///
  /// @param environment may hold secrets, so it never prints
  public record Wanted(
      List<String> argv,
      String directory,
      Map<String, String> environment,
      String stdin,
      Duration timeout,
      long limitBytes) {
    @Override
    public String toString() {
      return "Wanted[" + argv.getFirst() + "]";
    }
  }

  Seen look() {
    String answer = quickly(Scripts.look(id));
    if (answer.equals("exit no_directory")) {
      return new Seen.NoDirectory();
    }
    if (answer.startsWith("exit ")) {
      Exit exit = Exit.parse(answer.substring("exit ".length()));
      return exit == null ? new Seen.Lost() : new Seen.Ended(exit);
    }
    return switch (answer) {
      case "none" -> new Seen.None();
      case "running" -> new Seen.Running();
      case "lost" -> new Seen.Lost();
      default ->
          throw new ProviderUnavailableException(
              FailureCode.UNAVAILABLE,
              "The sandbox does not say what has become of a command: is it out of memory or"
                  + " processes?",
              false,
              Duration.ZERO,
              null);
    };
  }

  /// Begins it, unless it was begun before.
  ///
  /// @return what has become of it then
  Seen begin(Wanted wanted) {
    Command run =
        Scripts.run(
            id,
            wanted.limitBytes(),
            wanted.timeout().toSeconds(),
            wanted.directory(),
            wanted.argv());
    byte[] header =
        Scripts.header(wanted.environment(), wanted.stdin().getBytes(StandardCharsets.UTF_8));
    try (ProcessStream stream = session.start(run)) {
      for (int at = 0; at < header.length; at += STDIN_PIECE) {
        session.sendStdin(
            stream.pid(),
            Arrays.copyOfRange(header, at, Math.min(header.length, at + STDIN_PIECE)));
      }
      closeStdin(stream.pid());
      return switch (firstLine(stream)) {
        case "began" -> new Seen.Running();
        case "taken" -> look();
        case "no_directory" -> new Seen.NoDirectory();
        case String other ->
            throw new ProviderRefusedException(
                FailureCode.INTERNAL,
                "The sandbox cannot run commands (it says \"%s\"): its template needs bash,"
                        .formatted(other)
                    + " coreutils, grep and setsid, and room in /tmp.",
                true,
                null);
      };
    }
  }

  /// The script knows how much there is for it: where it begins nothing it may have ended by now.
  private void closeStdin(long pid) {
    try {
      session.closeStdin(pid);
    } catch (ProviderRefusedException e) {
      if (e.code() != FailureCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /// What it prints from these offsets on, until it has ended.
  ProcessStream follow(long stdout, long stderr) {
    return session.start(Scripts.follow(id, stdout, stderr));
  }

  /// Has it end, with all of its process group.
  ///
  /// @return whether it had not begun, and never will
  boolean stop() {
    return quickly(Scripts.stop(id)).equals("never");
  }

  private String quickly(Command command) {
    try (ProcessStream stream = session.start(command.within(QUICK))) {
      var answer = new ByteArrayOutputStream();
      Optional<ProcessEvent> next = stream.next();
      while (next.isPresent()) {
        if (next.get() instanceof ProcessEvent.Output(var channel, byte[] bytes)
            && channel == ProcessEvent.Channel.STDOUT
            && answer.size() < MOST_ANSWERED) {
          answer.writeBytes(bytes);
        }
        next = stream.next();
      }
      return answer.toString(StandardCharsets.UTF_8).strip();
    }
  }

  private static String firstLine(ProcessStream stream) {
    var line = new ByteArrayOutputStream();
    Optional<ProcessEvent> next = stream.next();
    while (next.isPresent() && line.size() < MOST_ANSWERED) {
      if (next.get() instanceof ProcessEvent.Output(var channel, byte[] bytes)
          && channel == ProcessEvent.Channel.STDOUT) {
        line.writeBytes(bytes);
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.contains("\n")) {
          return text.substring(0, text.indexOf('\n'));
        }
      }
      next = stream.next();
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }
}
