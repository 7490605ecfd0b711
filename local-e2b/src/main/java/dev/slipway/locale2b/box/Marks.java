package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a box leaves in its directory for whoever opens it after a crash: which process it was, so
/// that this one and no other is ended.
///
/// @param boot of which start of the machine the rest speaks
/// @param pid process 1 of the box, on the host
/// @param startTicks when it started: a number that is given out again does not make it the same
record Marks(String boot, long pid, long startTicks) {
  private static final String FILE = "marks";

  /// After the command's name, which may have anything in it.
  private static final int START_TICKS = 19;

  private static final long SECONDS_TO_DIE = 10;

  static Marks of(long pid) throws IOException {
    return new Marks(
        currentBoot(),
        pid,
        startTicks(pid).orElseThrow(() -> new IOException("process " + pid + " has ended")));
  }

  void write(Path directory) throws IOException {
    Files.writeString(directory.resolve(FILE), boot + " " + pid + " " + startTicks + "\n");
  }

  /// Those of a directory; none when the box had not come that far, and so ended by itself.
  static Optional<Marks> read(Path directory) throws IOException {
    try {
      String[] words = Files.readString(directory.resolve(FILE)).strip().split(" ", -1);
      return words.length == 3
          ? Optional.of(new Marks(words[0], Long.parseLong(words[1]), Long.parseLong(words[2])))
          : Optional.empty();
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }

  /// Ends that process, if it is still there, and waits until it is gone.
  void end() throws IOException {
    if (!boot.equals(currentBoot()) || !startTicks(pid).equals(Optional.of(startTicks))) {
      return;
    }
    ProcessHandle.of(pid)
        .ifPresent(process -> {
          process.destroyForcibly();
          var _ =
              process.onExit().completeOnTimeout(process, SECONDS_TO_DIE, TimeUnit.SECONDS).join();
        });
  }

  private static String currentBoot() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static Optional<Long> startTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return Optional.of(Long.parseLong(fields.get(START_TICKS)));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
