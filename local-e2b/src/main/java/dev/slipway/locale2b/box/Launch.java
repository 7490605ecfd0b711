package dev.slipway.locale2b.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A box that has come to life; [BoxCommand] says in which steps.
///
/// @param process bubblewrap, which waits for process 1 and is of no further use
/// @param initPid process 1 of the box, by its number on the host
record Launch(Process process, long initPid) {
  private static final long TIMEOUT_SECONDS = 30;
  private static final int LARGEST_GREETING_BYTES = 16 * 1024;
  private static final Pattern CHILD_PID = Pattern.compile("\"child-pid\": (\\d+)");

  static Launch start(List<String> command, BoxFiles files, HostIds ids) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectError(files.errors().toFile());
    builder.environment().clear();
    builder.environment().put("PATH", Tools.PATH);
    Process process = builder.start();
    CompletableFuture<Void> started = new CompletableFuture<>();
    var _ =
        started
            .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .exceptionally(_ -> {
              process.destroyForcibly();
              return null;
            });
    try {
      long pid = greet(process, ids);
      started.complete(null);
      return new Launch(process, pid);
    } catch (IOException e) {
      String said = Files.readString(files.errors()).strip();
      throw new IOException(said.isEmpty() ? String.valueOf(e.getMessage()) : said, e);
    } finally {
      started.cancel(false); // no effect when it is complete
    }
  }

  private static long greet(Process process, HostIds ids) throws IOException {
    Matcher pid = CHILD_PID.matcher(readUntil("}\n", process.getInputStream()));
    if (!pid.find()) {
      throw new IOException("bubblewrap ended before the box was made");
    }
    if (ids.areOwn()) {
      if (!readUntil("ready\n", process.getInputStream()).endsWith("ready\n")) {
        throw new IOException("the box ended before it had its users");
      }
      Path init = Path.of("/proc/" + pid.group(1));
      Files.writeString(init.resolve("uid_map"), ids.map());
      Files.writeString(init.resolve("gid_map"), ids.map());
      process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
    }
    if (!Frames.read(process.getInputStream())
        .map(frame -> frame.contains("ready"))
        .orElse(false)) {
      throw new IOException("the first process of the box ended at once");
    }
    return Long.parseLong(pid.group(1));
  }

  /// Everything up to an ending, and not a byte of what follows.
  private static String readUntil(String end, InputStream from) throws IOException {
    StringBuilder text = new StringBuilder();
    int next = from.read();
    while (next >= 0 && text.length() < LARGEST_GREETING_BYTES) {
      text.append((char) next);
      if (text.indexOf(end, Math.max(0, text.length() - end.length())) >= 0) {
        break;
      }
      next = from.read();
    }
    return text.toString();
  }
}
