package dev.slipway.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs a command in a sandbox as if it ran here.
@Command(
    name = "exec",
    description = {
      "Runs a command in a sandbox: its output comes here as it is printed, and its exit status is"
          + " this one's.",
      "Ctrl-C cancels it; a second one leaves without waiting for that (exit status 130).",
      "--json prints a line for each piece of output, and then the operation."
    })
final class SandboxExecCommand implements Callable<Integer> {
  private static final String STANDARD = "-";

  /// More is a file's business.
  private static final int MOST_STDIN_BYTES = 1 << 20;

  private final GlobalOptions options;
  private final StandardStreams streams;

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ID|NAME")
  String sandbox;

  @Parameters(
      index = "1..*",
      paramLabel = "-- COMMAND",
      description = "A program and its arguments, after --; no shell has a say in them.")
  List<String> argv = List.of();

  @Option(names = "-c", paramLabel = "LINE", description = "A line for /bin/bash -l instead.")
  @Nullable String line;

  @Option(names = "--cwd", paramLabel = "DIR", description = "Where it runs (default: /home/user).")
  @Nullable String cwd;

  @Option(
      names = "--env",
      paramLabel = "NAME=VALUE",
      description = "A variable of its own; a VALUE may be secret://file/… . Repeatable.")
  List<String> environment = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long it may take, up to 24h (default: 10m); then exit status 5.")
  @Nullable Duration timeout;

  @Option(
      names = "--stdin",
      paramLabel = "FILE",
      description = "Text that it reads, - for standard input (default: nothing).")
  @Nullable String stdin;

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  SandboxExecCommand(GlobalOptions options, StandardStreams streams) {
    this.options = options;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, Object> request = request();
    try (ApiClient api = options.api()) {
      String path = new Sandboxes(api).path(sandbox) + "/commands";
      return new Execution(api, options, streams, spec.commandLine()).run(path, request);
    }
  }

  private Map<String, Object> request() throws IOException {
    if ((line == null) == argv.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "give a command after --, or a line with -c, and not both");
    }
    Map<String, Object> request = new LinkedHashMap<>();
    if (line == null) {
      request.put("argv", new ArrayList<>(argv));
    } else {
      request.put("command", line);
    }
    if (cwd != null) {
      request.put("cwd", cwd);
    }
    request.put("environment", Sandboxes.pairs("--env", environment));
    if (timeout != null) {
      request.put("timeout_seconds", Sandboxes.seconds("--timeout", timeout));
    }
    if (stdin != null) {
      request.put("stdin", text(stdin));
    }
    return request;
  }

  private String text(String source) throws IOException {
    try (InputStream in =
        source.equals(STANDARD) ? streams.in() : Files.newInputStream(Path.of(source))) {
      byte[] bytes = in.readNBytes(MOST_STDIN_BYTES + 1);
      if (bytes.length > MOST_STDIN_BYTES) {
        throw new CommandFailedException(
            ExitCode.FAILED,
            "--stdin takes 1 MiB: `sandbox put` more, and let the command read it");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new CommandFailedException(
          ExitCode.FAILED,
          "--stdin takes text (UTF-8): `sandbox put` bytes, and let the command read them");
    }
  }
}
