package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.BoxSignal;
import dev.slipway.localserver.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The calls of `process.Process`.
final class ProcessService {
  private static final Map<String, Object> DONE = Map.of();
  private static final Map<String, Object> KEEPALIVE =
      Map.of("event", Map.of("keepalive", Map.of()));

  /// Pieces of up to 32 KiB that wait for a reader, before the process does.
  private static final int WAITING = 32;

  private ProcessService() {}

  static void addTo(Routes routes, Rpc rpc) {
    routes
        .on("POST /process.Process/Start", rpc.streaming(ProcessService::start))
        .on("POST /process.Process/Connect", rpc.streaming(ProcessService::connect))
        .on("POST /process.Process/List", rpc.unary(call -> call.daemon().processes().list()))
        .on("POST /process.Process/SendInput", rpc.unary(ProcessService::sendInput))
        .on("POST /process.Process/CloseStdin", rpc.unary(ProcessService::closeStdin))
        .on("POST /process.Process/SendSignal", rpc.unary(ProcessService::sendSignal))
        .on("POST /process.Process/Update", rpc.unary(ProcessService::update))
        .on(
            "POST /process.Process/StreamInput",
            rpc.streaming((_, _) -> {
              throw new RpcException(
                  RpcCode.UNIMPLEMENTED, "StreamInput is left out: use SendInput");
            }));
  }

  private static void start(RpcCall call, Rpc.Stream stream)
      throws IOException, InterruptedException {
    try (Mailbox<ProcessEvent> reader = new Mailbox<>(WAITING)) {
      RunningProcess process =
          call.daemon().processes().start(call.request(), call.account(), call.limit(), reader);
      deliver(process, reader, call.keepalive(), Optional.empty(), stream);
    }
  }

  private static void connect(RpcCall call, Rpc.Stream stream)
      throws IOException, InterruptedException {
    RunningProcess process = call.daemon().processes().find(call.request().path("process"));
    try (Mailbox<ProcessEvent> reader = new Mailbox<>(WAITING)) {
      process.subscribe(reader);
      deliver(process, reader, call.keepalive(), call.limit(), stream);
    }
  }

  private static void deliver(
      RunningProcess process,
      Mailbox<ProcessEvent> reader,
      Duration keepalive,
      Optional<Duration> limit,
      Rpc.Stream stream)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    try {
      stream.message(Map.of("event", Map.of("start", Map.of("pid", process.pid()))));
      while (true) {
        Duration left =
            limit
                .map(most -> most.minusNanos(System.nanoTime() - began))
                .filter(rest -> rest.compareTo(keepalive) < 0)
                .orElse(keepalive);
        Optional<ProcessEvent> next = reader.poll(left);
        if (next.isPresent()) {
          if (isLast(next.get(), limit.isEmpty(), stream)) {
            return;
          }
        } else if (left.equals(keepalive)) {
          stream.message(KEEPALIVE);
        } else {
          throw new RpcException(RpcCode.DEADLINE_EXCEEDED, "the stream's time is over");
        }
      }
    } finally {
      process.unsubscribe(reader);
    }
  }

  private static boolean isLast(ProcessEvent event, boolean startedIt, Rpc.Stream stream)
      throws IOException {
    return switch (event) {
      case ProcessEvent.Output output -> {
        stream.message(output.json());
        yield false;
      }
      case ProcessEvent.End end when end.timedOut() && startedIt ->
          throw new RpcException(RpcCode.DEADLINE_EXCEEDED, "the process's time is over");
      case ProcessEvent.End end -> {
        stream.message(end.json());
        yield true;
      }
      case ProcessEvent.Cut _ -> throw new Rpc.BrokenOffException();
    };
  }

  private static Object sendInput(RpcCall call) throws InterruptedException {
    JsonNode input = call.request().path("input");
    String encoded = input.path("stdin").asString("") + input.path("pty").asString("");
    process(call).write(decoded(encoded));
    return DONE;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException _) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, "the input is not base64");
    }
  }

  private static Object closeStdin(RpcCall call) {
    process(call).closeStdin();
    return DONE;
  }

  private static Object sendSignal(RpcCall call) {
    BoxSignal signal =
        switch (call.request().path("signal").asString("")) {
          case "SIGNAL_SIGKILL", "9" -> BoxSignal.KILL;
          case "SIGNAL_SIGTERM", "15" -> BoxSignal.TERM;
          default ->
              throw new RpcException(
                  RpcCode.UNIMPLEMENTED, "only SIGNAL_SIGTERM and SIGNAL_SIGKILL can be sent");
        };
    process(call).signal(signal);
    return DONE;
  }

  private static Object update(RpcCall call) {
    RunningProcess process = process(call);
    JsonNode size = call.request().path("pty").path("size");
    if (size.isObject()) {
      process.resize(Processes.size(size));
    }
    return DONE;
  }

  private static RunningProcess process(RpcCall call) {
    return call.daemon().processes().findLive(call.request().path("process"));
  }
}
