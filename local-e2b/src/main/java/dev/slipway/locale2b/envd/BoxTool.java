package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.box.BoxException;
import dev.slipway.locale2b.box.BoxExit;
import dev.slipway.locale2b.box.BoxProcess;
import dev.slipway.locale2b.box.BoxSignal;
import dev.slipway.locale2b.box.ProcessSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A short process of the daemon's own in a box, which works on files there as a user. What it is
/// given are arguments: a path is never part of a script, and never opened outside.
final class BoxTool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BoxTool.class);
  private static final String FILES = script("files.sh");
  private static final String WATCH = script("watch.py");
  private static final int COMPLAINT_BYTES = 4_096;
  private static final Executor READERS =
      task -> Thread.ofPlatform().daemon().name("box-tool-stderr").start(task);

  private final BoxProcess process;
  private final CompletableFuture<String> complaint;

  private BoxTool(BoxProcess process) {
    this.process = process;
    complaint = CompletableFuture.supplyAsync(() -> complaint(process.stderr()), READERS);
  }

  /// Starts one that works on files.
  ///
  /// @param input whether something is written to it
  static BoxTool start(Box box, Account account, boolean input, String verb, String... arguments) {
    List<String> command =
        new ArrayList<>(List.of("/bin/bash", "--noprofile", "--norc", "-c", FILES, "files", verb));
    command.addAll(List.of(arguments));
    return start(box, account, input, command);
  }

  /// Starts one that tells what happens below a folder.
  static BoxTool watch(Box box, Watched watched) {
    return start(
        box,
        watched.account(),
        false,
        List.of(
            "python3", "-I", "-S", "-c", WATCH, watched.path(), watched.recursive() ? "1" : "0"));
  }

  private static BoxTool start(Box box, Account account, boolean input, List<String> command) {
    return new BoxTool(
        Starting.start(
            box,
            new ProcessSpec(
                command, Environments.ofTools(account), "/", account.user(), input, null)));
  }

  BoxProcess process() {
    return process;
  }

  /// Waits for its end.
  ///
  /// @throws FileFailedException unless it ended well
  void finish() {
    switch (process.onExit().join()) {
      case BoxExit.Code(int value) when value == 0 -> {
        // done
      }
      case BoxExit.Code(int value) -> throw FileFailedException.of(value, complaint.join());
      case BoxExit.Signal(int number) ->
          throw FileFailedException.of(128 + number, complaint.join());
      case BoxExit.Lost _ -> throw new Rpc.BrokenOffException();
    }
  }

  private static String complaint(InputStream from) {
    try (from) {
      String text = new String(from.readNBytes(COMPLAINT_BYTES), StandardCharsets.UTF_8);
      long _ = from.transferTo(OutputStream.nullOutputStream());
      return text.strip();
    } catch (IOException e) {
      return "";
    }
  }

  /// Ends it when it has not ended.
  @Override
  public void close() {
    try {
      process.signal(BoxSignal.KILL);
    } catch (BoxException e) {
      log.atDebug().setCause(e).log("a tool goes with its box");
    }
  }

  private static String script(String name) {
    try (InputStream in = BoxTool.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in this program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
