package dev.slipway.standalone;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One command that runs in a sandbox while we look on.
final class Execution {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> ENDED = Set.of("SUCCEEDED", "FAILED", "CANCELLED");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What shells make of the signals that end commands: 128 and their number.
  private static final Map<String, Integer> SIGNALS =
      Map.of("HUP", 129, "INT", 130, "QUIT", 131, "ABRT", 134, "KILL", 137, "TERM", 143);

  private final ApiClient api;
  private final GlobalOptions options;
  private final StandardStreams streams;
  private final CommandLine command;
  private final AtomicInteger interrupts = new AtomicInteger();
  private final CompletableFuture<String> operation = new CompletableFuture<>();

  Execution(ApiClient api, GlobalOptions options, StandardStreams streams, CommandLine command) {
    this.api = api;
    this.options = options;
    this.streams = streams;
    this.command = command;
  }

  /// Runs it to its end.
  ///
  /// @param path where commands of the sandbox are asked for
  /// @return its exit status
  int run(String path, Map<String, Object> request) throws InterruptedException {
    try (CtrlC _ = CtrlC.calls(this::interrupted)) {
      String id = api.post(path, request).path("operation_id").asString("");
      boolean _ = operation.complete(id);
      follow(id);
      JsonNode ended = awaitEnd(id);
      if (options.json) {
        print(ended);
      }
      return exitStatus(ended);
    }
  }

  private void interrupted() {
    if (interrupts.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
    new Progress(command.getErr(), options.quiet).say("cancelling; Ctrl-C again leaves at once");
    var _ = operation.thenAccept(this::cancel);
  }

  private void cancel(String id) {
    try {
      JsonNode _ = api.post("/api/v1/operations/" + id + "/cancel", Map.of());
    } catch (CommandFailedException e) {
      command.getErr().println("slipway: not cancelled: " + e.getMessage());
      command.getErr().flush();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(String id) throws InterruptedException {
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> both =
          List.of(
              readers.submit(() -> read(id, "stdout", streams.out())),
              readers.submit(() -> read(id, "stderr", streams.err())));
      for (Future<?> one : both) {
        var _ = one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof CommandFailedException failure
          ? failure
          : new IllegalStateException(e);
    }
  }

  private String read(String id, String stream, OutputStream target) throws InterruptedException {
    var reader = new OutputReader(options.installation(), options.credentials(), id, stream);
    try {
      reader.read((bytes, count, offset) -> {
        if (options.json) {
          print(line(stream, bytes, count, offset));
        } else {
          write(target, bytes, count);
        }
      });
      return stream;
    } catch (CommandFailedException e) {
      cancel(id); // else the other stream would be followed to its end
      throw e;
    }
  }

  private static void write(OutputStream target, byte[] bytes, int count) {
    try {
      target.write(bytes, 0, count);
      target.flush();
    } catch (IOException _) {
      throw new CommandFailedException(ExitCode.FAILED, "nobody reads the output any more");
    }
  }

  /// Fields as `command.output` has them.
  private static Map<String, Object> line(String stream, byte[] bytes, int count, long offset) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("stream", stream);
    line.put("offset", offset);
    try {
      ByteBuffer some = ByteBuffer.wrap(bytes, 0, count);
      line.put("text", StandardCharsets.UTF_8.newDecoder().decode(some).toString());
    } catch (CharacterCodingException _) {
      line.put(
          "base64",
          StandardCharsets.ISO_8859_1
              .decode(Base64.getEncoder().encode(ByteBuffer.wrap(bytes, 0, count)))
              .toString());
    }
    return line;
  }

  private synchronized void print(Object json) {
    PrintWriter out = command.getOut();
    out.println(JSON.writeValueAsString(json));
    if (out.checkError()) {
      throw new CommandFailedException(ExitCode.FAILED, "nobody reads the output any more");
    }
  }

  /// Its outcome is committed right after its output has ended.
  private JsonNode awaitEnd(String id) throws InterruptedException {
    long began = System.nanoTime();
    while (true) {
      JsonNode now = api.get("/api/v1/operations/" + id);
      if (ENDED.contains(Sandboxes.state(now))) {
        return now;
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        throw new CommandFailedException(
            ExitCode.TIMED_OUT,
            "the command printed its last, and operation %s goes on".formatted(id));
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private int exitStatus(JsonNode ended) {
    JsonNode result = ended.path("result");
    if (result.path("truncated").asBoolean(false)) {
      command.getErr().println("slipway: not all of the output was kept");
      command.getErr().flush();
    }
    return switch (Sandboxes.state(ended)) {
      case "SUCCEEDED" -> status(result);
      case "CANCELLED" ->
          throw new CommandFailedException(
              interrupts.get() > 0 ? ExitCode.INTERRUPTED : ExitCode.FAILED,
              "the command was cancelled");
      default ->
          throw new CommandFailedException(
              ended.path("failure").path("code").asString("").equals("timeout")
                  ? ExitCode.TIMED_OUT
                  : ExitCode.FAILED,
              "the command failed, " + Sandboxes.failure(ended));
    };
  }

  private static int status(JsonNode result) {
    if (result.path("exit_code").isInt()) {
      return result.path("exit_code").asInt();
    }
    String signal = result.path("signal").asString("");
    throw new CommandFailedException(
        SIGNALS.getOrDefault(signal, ExitCode.FAILED),
        "the command was ended by a signal, " + HarmlessWriter.escaped(signal));
  }
}
