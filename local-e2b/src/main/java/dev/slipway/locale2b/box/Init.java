package dev.slipway.locale2b.box;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Process 1 of a box, `init.py`, seen from here. It is what keeps the box alive: when nobody holds
/// the other end of its standard input any more, it ends, and with it all of its process namespace.
/// That needs nobody who survives this JVM.
///
/// Streams do not run through it: the pipes it makes for a program are opened by us below
/// `/proc/<pid>/fd`, and it lets go of them. Only its own descriptors are reachable that way, and
/// nobody in the box can trace it.
final class Init implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Init.class);

  private final long hostPid;
  private final OutputStream requests;
  private final ReentrantLock sending = new ReentrantLock();
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, CompletableFuture<List<String>>> answers = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<BoxExit>> exits = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /// @param hostPid its process number on the host
  /// @param answers at the first frame
  Init(String box, long hostPid, InputStream answers, OutputStream requests) {
    this.hostPid = hostPid;
    this.requests = requests;
    Thread.ofPlatform().daemon().name("box-" + box).start(() -> listen(answers));
  }

  private void listen(InputStream frames) {
    try (frames) {
      var frame = Frames.read(frames);
      while (frame.isPresent()) {
        receive(frame.get());
        frame = Frames.read(frames);
      }
    } catch (IOException | RuntimeException e) {
      log.atWarn().setCause(e).log("box said what cannot be understood");
    } finally {
      close();
      ended.complete(null);
      exits.values().forEach(exit -> exit.complete(new BoxExit.Lost()));
      answers.values().forEach(answer -> answer.complete(List.of("gone")));
    }
  }

  private void receive(List<String> frame) {
    String number = frame.size() > 1 ? frame.get(1) : "";
    switch (frame.getFirst()) {
      case "exited" -> {
        CompletableFuture<BoxExit> exit = exits.remove(number);
        if (exit != null) {
          int value = Integer.parseInt(frame.get(3));
          exit.complete(
              frame.get(2).equals("signal") ? new BoxExit.Signal(value) : new BoxExit.Code(value));
        }
      }
      default -> {
        CompletableFuture<List<String>> answer = answers.remove(number);
        if (answer != null) {
          answer.complete(frame);
        }
      }
    }
  }

  CompletableFuture<Void> onEnd() {
    return ended;
  }

  /// Starts a program and takes its streams.
  BoxProcess start(ProcessSpec spec) throws BoxException {
    String number = Long.toString(numbers.incrementAndGet());
    CompletableFuture<BoxExit> exit = new CompletableFuture<>();
    exits.put(number, exit);
    if (ended.isDone()) {
      exit.complete(new BoxExit.Lost());
    }
    boolean started = false;
    try {
      List<String> answer = ask(number, startRequest(number, spec));
      if (!answer.getFirst().equals("started")) {
        throw refused(answer, spec);
      }
      BoxedProcess process =
          new BoxedProcess(
              this,
              number,
              Long.parseLong(answer.get(2)),
              input(answer.get(3)),
              input(answer.get(4)),
              output(answer.get(5)),
              exit);
      send(List.of("taken", number));
      started = true;
      return process;
    } catch (IOException e) {
      throw new BoxException(Kind.GONE, "the box ended while a program was started", e);
    } finally {
      if (!started) {
        exits.remove(number);
      }
    }
  }

  private static List<String> startRequest(String number, ProcessSpec spec) {
    @Nullable TerminalSize size = spec.terminal();
    List<String> request =
        new ArrayList<>(
            List.of(
                "start",
                number,
                spec.user().userName(),
                spec.directory(),
                spec.stdin() ? "1" : "0",
                size == null ? "" : size.rows() + " " + size.columns(),
                Integer.toString(spec.command().size())));
    request.addAll(spec.command());
    spec.environment().forEach((name, value) -> request.add(name + "=" + value));
    return request;
  }

  private static BoxException refused(List<String> answer, ProcessSpec spec) {
    String why = answer.getLast();
    return switch (answer.size() > 2 ? answer.get(2) : "") {
      case "directory" ->
          new BoxException(
              Kind.NO_SUCH_DIRECTORY, "cwd '" + spec.directory() + "' cannot be used: " + why);
      case "command" ->
          new BoxException(
              Kind.NOT_RUNNABLE, "'" + spec.command().getFirst() + "' cannot be run: " + why);
      case "limit" -> new BoxException(Kind.LIMIT, "the box may have no more processes: " + why);
      case "frozen" -> new BoxException(Kind.FROZEN, "the box is frozen: thaw it first");
      default -> new BoxException(Kind.GONE, "the box has ended");
    };
  }

  private InputStream input(String descriptor) throws IOException {
    int number = Integer.parseInt(descriptor);
    return number < 0
        ? InputStream.nullInputStream()
        : Files.newInputStream(descriptorPath(number), StandardOpenOption.READ);
  }

  private OutputStream output(String descriptor) throws IOException {
    int number = Integer.parseInt(descriptor);
    return number < 0
        ? closedStream()
        : Files.newOutputStream(descriptorPath(number), StandardOpenOption.WRITE);
  }

  private Path descriptorPath(int number) {
    return Path.of("/proc/" + hostPid + "/fd/" + number);
  }

  private static OutputStream closedStream() throws IOException {
    OutputStream none = OutputStream.nullOutputStream();
    none.close();
    return none;
  }

  /// Sends a request that is not answered.
  void send(List<String> request) throws BoxException {
    sending.lock();
    try {
      Frames.write(requests, request);
    } catch (IOException e) {
      throw new BoxException(Kind.GONE, "the box has ended", e);
    } finally {
      sending.unlock();
    }
  }

  /// Does what the word says, and waits until it is done.
  void request(String word) throws BoxException {
    var _ = ask(word);
  }

  /// Asks for what the word says.
  List<String> ask(String word) throws BoxException {
    String number = Long.toString(numbers.incrementAndGet());
    List<String> answer = ask(number, List.of(word, number));
    if (answer.getFirst().equals("gone")) {
      throw new BoxException(Kind.GONE, "the box has ended");
    }
    return answer;
  }

  private List<String> ask(String number, List<String> request) throws BoxException {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    answers.put(number, answer);
    try {
      send(request);
      if (ended.isDone()) {
        answer.complete(List.of("gone"));
      }
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BoxException(Kind.GONE, "interrupted while the box was asked", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer is never a failure", e);
    } finally {
      answers.remove(number);
    }
  }

  /// Lets go of it: it ends, and all of its box.
  @Override
  public void close() {
    try {
      requests.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("box had ended before");
    }
  }
}
