package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.box.ProcessSpec;
import dev.slipway.locale2b.box.TerminalSize;
import dev.slipway.locale2b.timer.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/// The processes of a sandbox that were started through its daemon.
final class Processes {
  /// How long after its end a process can still be asked for it.
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  private static final int LARGEST_TERMINAL = 1_000;

  private final Box box;
  private final Map<String, String> environment;
  private final Timers timers;
  private final ConcurrentMap<Long, RunningProcess> byPid = new ConcurrentHashMap<>();

  Processes(Box box, Map<String, String> environment, Timers timers) {
    this.box = box;
    this.environment = Map.copyOf(environment);
    this.timers = timers;
  }

  /// Starts a process.
  ///
  /// @param limit after which it is killed
  /// @param reader of its output from the beginning
  RunningProcess start(
      JsonNode request, Account account, Optional<Duration> limit, Mailbox<ProcessEvent> reader) {
    ProcessSpec spec = spec(request, account);
    RunningProcess running =
        RunningProcess.follow(
            Starting.start(box, spec), spec, request.path("tag").stringValueOpt(), reader);
    byPid.put(running.pid(), running);
    Optional<Future<?>> timeOut =
        limit.map(time -> timers.after(time, "process-timeout", running::timeOut));
    var _ =
        running
            .finished()
            .thenRun(() -> {
              timeOut.ifPresent(timer -> timer.cancel(false));
              var _ =
                  timers.after(
                      REMEMBERED, "process-forget", () -> byPid.remove(running.pid(), running));
            });
    return running;
  }

  private ProcessSpec spec(JsonNode request, Account account) {
    JsonNode process = request.path("process");
    List<String> command = new ArrayList<>();
    command.add(process.path("cmd").asString(""));
    process.path("args").forEach(arg -> command.add(arg.asString("")));
    if (command.getFirst().isEmpty()) {
      throw new RpcException(RpcCode.INVALID_ARGUMENT, "process.cmd is required");
    }
    String cwd = BoxPaths.resolve(process.path("cwd").asString(""), account.home());
    JsonNode pty = request.path("pty").path("size");
    TerminalSize size = request.path("pty").isObject() ? size(pty) : null;
    return new ProcessSpec(
        command,
        Environments.of(account, environment, Environments.read(process.path("envs"))),
        cwd,
        account.user(),
        size != null || request.path("stdin").asBoolean(true),
        size);
  }

  static TerminalSize size(JsonNode size) {
    return new TerminalSize(
        Math.clamp(size.path("rows").asInt(24), 1, LARGEST_TERMINAL),
        Math.clamp(size.path("cols").asInt(80), 1, LARGEST_TERMINAL));
  }

  /// The process that a selector names.
  RunningProcess find(JsonNode selector) {
    if (selector.has("pid")) {
      long pid = selector.path("pid").asLong(-1);
      return Optional.ofNullable(byPid.get(pid))
          .orElseThrow(
              () -> new RpcException(RpcCode.NOT_FOUND, "process with pid " + pid + " not found"));
    }
    String tag = selector.path("tag").asString("");
    return byPid.values().stream()
        .filter(process -> process.isLive() && process.tag().equals(Optional.of(tag)))
        .findFirst()
        .orElseThrow(
            () -> new RpcException(RpcCode.NOT_FOUND, "process with tag " + tag + " not found"));
  }

  /// The process that a selector names and that has not ended.
  RunningProcess findLive(JsonNode selector) {
    RunningProcess process = find(selector);
    if (!process.isLive()) {
      throw new RpcException(RpcCode.NOT_FOUND, "process with pid " + process.pid() + " not found");
    }
    return process;
  }

  Map<String, Object> list() {
    List<Map<String, Object>> live = new ArrayList<>();
    for (RunningProcess process : byPid.values()) {
      if (process.isLive()) {
        live.add(describe(process));
      }
    }
    return Map.of("processes", live);
  }

  private static Map<String, Object> describe(RunningProcess process) {
    List<String> command = process.spec().command();
    Map<String, Object> described = new LinkedHashMap<>();
    described.put(
        "config",
        Map.of(
            "cmd", command.getFirst(),
            "args", command.subList(1, command.size()),
            "envs", process.spec().environment(),
            "cwd", process.spec().directory()));
    described.put("pid", process.pid());
    process.tag().ifPresent(tag -> described.put("tag", tag));
    return described;
  }

  void cutStreams() {
    byPid.values().forEach(RunningProcess::cut);
  }

  void awaitEnds() {
    byPid.values().forEach(process -> process.finished().join());
  }
}
