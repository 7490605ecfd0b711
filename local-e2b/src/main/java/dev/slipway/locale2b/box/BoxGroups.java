package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control groups of one box.
///
/// @param byController the same for all on version 2
record BoxGroups(boolean unified, Map<String, Path> byController) {
  private static final Logger log = LoggerFactory.getLogger(BoxGroups.class);
  private static final long MICRO = 1000;
  private static final int REMOVALS = 100;
  private static final long SECONDS_TO_DIE = 10;

  List<Path> directories() {
    return byController.values().stream().distinct().sorted().toList();
  }

  /// The files into which a process that is to be in the box writes its number.
  List<Path> entrances() {
    return directories().stream().map(group -> group.resolve("cgroup.procs")).toList();
  }

  /// The processor time taken so far.
  long cpuNanos() throws IOException {
    return unified
        ? statistic("cpu", "cpu.stat", "usage_usec") * MICRO
        : number("cpuacct", "cpuacct.usage");
  }

  /// What is in use and could not be given up.
  long memoryBytes() throws IOException {
    long used = number("memory", unified ? "memory.current" : "memory.usage_in_bytes");
    String cache = unified ? "inactive_file" : "total_inactive_file";
    return Math.max(0, used - statistic("memory", "memory.stat", cache));
  }

  Path file(String controller, String name) throws IOException {
    Path group = byController.get(controller);
    if (group == null) {
      throw new IOException("no control group for " + controller);
    }
    return group.resolve(name);
  }

  private long number(String controller, String name) throws IOException {
    return Long.parseLong(Files.readString(file(controller, name)).strip());
  }

  private long statistic(String controller, String name, String key) throws IOException {
    for (String line : Files.readAllLines(file(controller, name))) {
      if (line.startsWith(key + " ")) {
        return Long.parseLong(line.substring(key.length() + 1).strip());
      }
    }
    return 0;
  }

  /// Kills whoever is in them, and waits until they are gone.
  void kill() {
    for (Path group : directories()) {
      List<ProcessHandle> members = members(group);
      members.forEach(ProcessHandle::destroyForcibly);
      CompletableFuture.allOf(
              members.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .completeOnTimeout(null, SECONDS_TO_DIE, TimeUnit.SECONDS)
          .join();
    }
  }

  private static List<ProcessHandle> members(Path group) {
    try {
      return Files.readAllLines(group.resolve("cgroup.procs")).stream()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .toList();
    } catch (IOException _) {
      return List.of(); // not there: nobody is in it
    }
  }

  void remove() {
    directories().forEach(BoxGroups::remove);
  }

  /// Removes a group. The kernel may take a moment to forget who was in it.
  static void remove(Path group) {
    IOException failure = null;
    for (int i = 0; i < REMOVALS; i++) {
      try {
        Files.deleteIfExists(group);
        return;
      } catch (IOException e) {
        failure = e;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
    log.atWarn().addKeyValue("group", group).setCause(failure).log("control group left behind");
  }
}
