package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FileEntry;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.RunningProcess;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.provider.Signal;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/// Processes and files of one sandbox, by envd.
final class E2bSession implements SandboxSession {
  private static final String PROCESSES = "process.Process/";
  private static final String FILES = "filesystem.Filesystem/";

  private final EnvdCalls calls;

  E2bSession(EnvdCalls calls) {
    this.calls = calls;
  }

  @Override
  public ProcessStream start(Command command) {
    var headers = new HttpHeaders();
    if (command.limit() != null) {
      headers.set("Connect-Timeout-Ms", Long.toString(Math.max(1, command.limit().toMillis())));
    }
    if (command.user() != null) {
      headers.set(
          HttpHeaders.AUTHORIZATION,
          "Basic "
              + Base64.getEncoder()
                  .encodeToString((command.user() + ":").getBytes(StandardCharsets.UTF_8)));
    }
    String what = "run a command in sandbox " + calls.id();
    return stream(
        calls.streaming(what, PROCESSES + "Start", EnvdJson.start(command), headers),
        command.environment().values());
  }

  @Override
  public ProcessStream connect(long pid) {
    String what = "follow process %d of sandbox %s".formatted(pid, calls.id());
    return stream(
        calls.streaming(what, PROCESSES + "Connect", EnvdJson.process(pid), new HttpHeaders()),
        List.of());
  }

  private ProcessStream stream(Call call, Collection<String> secrets) {
    return calls.open(
        call,
        secrets,
        _ -> false,
        response -> E2bProcessStream.begin(calls.frames(call.what(), response, secrets)),
        E2bProcessStream::close);
  }

  @Override
  public void sendStdin(long pid, byte[] bytes) {
    ask(
        "write to a process of sandbox",
        PROCESSES + "SendInput",
        EnvdJson.input(pid, bytes),
        false);
  }

  @Override
  public void closeStdin(long pid) {
    ask(
        "end the input of a process of sandbox",
        PROCESSES + "CloseStdin",
        EnvdJson.process(pid),
        true);
  }

  @Override
  public boolean signal(long pid, Signal signal) {
    Call call =
        call(
            "signal a process of sandbox",
            PROCESSES + "SendSignal",
            EnvdJson.signal(pid, signal),
            false);
    return calls.ask(call, E2bSession::isAbsent).isSuccess();
  }

  @Override
  public List<RunningProcess> processes() {
    Call call = call("list processes of sandbox", PROCESSES + "List", E2bJson.object(), true);
    return calls.read(call, calls.ask(call, _ -> false), EnvdJson::processes);
  }

  @Override
  public Optional<InputStream> read(String path, ByteRange range) {
    return new FileReads(calls).read(path, range);
  }

  @Override
  public void write(String path, InputStream content) {
    FileWrites.write(calls, path, content);
  }

  @Override
  public Optional<FileEntry> stat(String path) {
    Call call = call("look at a file of sandbox", FILES + "Stat", path(path), true);
    Answer answer = calls.ask(call, E2bSession::isAbsent);
    return answer.isSuccess()
        ? Optional.of(calls.read(call, answer, EnvdJson::entry))
        : Optional.empty();
  }

  @Override
  public Optional<List<FileEntry>> list(String path, int depth) {
    JsonNode message = E2bJson.object().put("path", path).put("depth", depth);
    Call call = call("list files of sandbox", FILES + "ListDir", message, true);
    Answer answer = calls.ask(call, E2bSession::isAbsent);
    return answer.isSuccess()
        ? Optional.of(calls.read(call, answer, EnvdJson::entries))
        : Optional.empty();
  }

  @Override
  public boolean makeDirectory(String path) {
    // After a lost answer a second call would say that it was there.
    Call call = call("make a directory in sandbox", FILES + "MakeDir", path(path), false);
    return calls.ask(call, E2bSession::isThere).isSuccess();
  }

  @Override
  public void remove(String path) {
    ask("remove a file of sandbox", FILES + "Remove", path(path), true);
  }

  @Override
  public void move(String source, String destination) {
    JsonNode message = E2bJson.object().put("source", source).put("destination", destination);
    ask("move a file of sandbox", FILES + "Move", message, false);
  }

  @Override
  public boolean isAlive() {
    Call call =
        calls.plain(
            "ask for signs of life of sandbox " + calls.id(),
            HttpMethod.GET,
            "/health",
            new HttpHeaders());
    return calls.ask(call, answer -> answer.status() == 502).isSuccess();
  }

  private static boolean isAbsent(Answer answer) {
    return answer.status() == 404 && Complaint.of(answer).says("not_found");
  }

  private static boolean isThere(Answer answer) {
    return answer.status() == 409 && Complaint.of(answer).says("already_exists");
  }

  private static JsonNode path(String path) {
    return E2bJson.object().put("path", path);
  }

  private void ask(String what, String method, JsonNode message, boolean isRepeatable) {
    var _ = calls.ask(call(what, method, message, isRepeatable), _ -> false);
  }

  private Call call(String what, String method, JsonNode message, boolean isRepeatable) {
    return calls.unary(what + " " + calls.id(), method, message, isRepeatable);
  }
}
