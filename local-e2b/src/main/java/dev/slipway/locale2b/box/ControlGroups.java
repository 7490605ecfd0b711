package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Where this installation may make control groups: one folder of its own per hierarchy, in which
/// every box gets one. On version 2 that is one hierarchy for everything, on version 1 one for each
/// controller.
///
/// @param unified whether it is version 2
/// @param folders by controller
record ControlGroups(boolean unified, Map<String, Path> folders) {
  private static final Set<String> NEEDED = Set.of("memory", "pids", "cpu");

  /// Version 1 counts the time taken in a hierarchy of its own.
  private static final Set<String> NEEDED_APART = Set.of("memory", "pids", "cpu", "cpuacct");

  /// No id of a box.
  private static final String TRIAL = "try-out";

  private static final long TRIAL_SECONDS = 10;

  /// The folders for a name, made and tried out, or nothing where we may make none.
  ///
  /// @param cgroups `/proc/self/cgroup`
  /// @param mountinfo `/proc/self/mountinfo`
  static Optional<ControlGroups> find(String name, List<String> cgroups, List<String> mountinfo) {
    CgroupMounts mounts = CgroupMounts.parse(cgroups, mountinfo);
    Optional<ControlGroups> apart = findApart(name, mounts);
    return apart.isPresent() ? apart : findUnified(name, mounts);
  }

  private static Optional<ControlGroups> findApart(String name, CgroupMounts mounts) {
    Map<String, Path> folders = new HashMap<>();
    for (String controller : NEEDED_APART) {
      Optional<Path> folder =
          mounts.candidates(controller).stream()
              .map(parent -> parent.resolve(name))
              .filter(ControlGroups::canBeUsed)
              .findFirst();
      if (folder.isEmpty()) {
        folders.values().forEach(ControlGroups::remove);
        return Optional.empty();
      }
      folders.put(controller, folder.get());
    }
    return Optional.of(new ControlGroups(false, Map.copyOf(folders)));
  }

  private static Optional<ControlGroups> findUnified(String name, CgroupMounts mounts) {
    for (Path parent : mounts.candidates("")) {
      Path folder = parent.resolve(name);
      if (passesOn(parent) && canBeUsed(folder) && passesOn(folder)) {
        Map<String, Path> folders = new HashMap<>();
        NEEDED.forEach(controller -> folders.put(controller, folder));
        return Optional.of(new ControlGroups(true, Map.copyOf(folders)));
      }
      remove(folder);
    }
    return Optional.empty();
  }

  /// Lets the groups below a group have limits of their own.
  private static boolean passesOn(Path group) {
    Path control = group.resolve("cgroup.subtree_control");
    try {
      if (List.of(Files.readString(control).strip().split(" ", -1)).containsAll(NEEDED)) {
        return true;
      }
      Files.writeString(control, "+memory +pids +cpu");
      return true;
    } catch (IOException _) {
      return false; // not ours to change, or processes are in it: another place may do
    }
  }

  /// Whether a process of ours can enter a group there.
  private static boolean canBeUsed(Path folder) {
    Path trial = folder.resolve(TRIAL);
    try {
      Files.createDirectories(trial);
      Process process =
          new ProcessBuilder("/bin/sh", "-c", "echo $$ > \"$1\"", "sh", trial + "/cgroup.procs")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false; // not ours to write
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      remove(trial);
    }
  }

  private static void remove(Path group) {
    BoxGroups.remove(group);
  }

  /// Makes the groups of a box, with its limits.
  BoxGroups create(String box, Limits limits) throws IOException {
    BoxGroups groups = of(box);
    for (Path group : groups.directories()) {
      Files.createDirectories(group);
    }
    for (Map.Entry<String, String> setting : settings(limits).entrySet()) {
      String controller = setting.getKey().substring(0, setting.getKey().indexOf('.'));
      Path file = groups.file(controller, setting.getKey());
      if (Files.exists(file)) { // a kernel without swap accounting has no limit for it
        Files.writeString(file, setting.getValue(), StandardCharsets.US_ASCII);
      }
    }
    return groups;
  }

  BoxGroups of(String box) {
    Map<String, Path> groups = new HashMap<>();
    folders.forEach((controller, folder) -> groups.put(controller, folder.resolve(box)));
    return new BoxGroups(unified, Map.copyOf(groups));
  }

  private Map<String, String> settings(Limits limits) {
    long period = 100_000;
    String quota = Long.toString(Math.round(limits.cpus() * period));
    String memory = Long.toString(limits.memoryBytes());
    // The order counts: version 1 refuses a limit with swap that is below the one without.
    List<Map.Entry<String, String>> entries =
        unified
            ? List.of(
                Map.entry("memory.max", memory),
                Map.entry("memory.swap.max", "0"),
                Map.entry("cpu.max", quota + " " + period))
            : List.of(
                Map.entry("memory.limit_in_bytes", memory),
                Map.entry("memory.memsw.limit_in_bytes", memory),
                Map.entry("cpu.cfs_period_us", Long.toString(period)),
                Map.entry("cpu.cfs_quota_us", quota));
    Map<String, String> settings = new LinkedHashMap<>();
    entries.forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    settings.put("pids.max", Integer.toString(limits.processes()));
    return settings;
  }

  /// Writes down where they are.
  void save(Path file) throws IOException {
    List<String> lines = new ArrayList<>(List.of(unified ? "unified" : "apart"));
    folders.forEach((controller, folder) -> lines.add(controller + " " + folder));
    Files.write(file, lines);
  }

  /// Those that were written down; none when there were none.
  static Optional<ControlGroups> load(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file);
    Map<String, Path> folders = new HashMap<>();
    lines.stream()
        .skip(1)
        .map(line -> line.split(" ", 2))
        .filter(parts -> parts.length == 2)
        .forEach(parts -> folders.put(parts[0], Path.of(parts[1])));
    return Optional.of(
        new ControlGroups(List.of("unified").equals(lines.stream().limit(1).toList()), folders));
  }

  /// The boxes that have groups here.
  List<String> boxes() {
    List<String> boxes = new ArrayList<>();
    for (Path folder : Set.copyOf(folders.values())) {
      try (var groups = Files.newDirectoryStream(folder, Files::isDirectory)) {
        groups.forEach(group -> boxes.add(group.getFileName().toString()));
      } catch (IOException _) {
        // not there: nobody is in it
      }
    }
    return boxes.stream().distinct().toList();
  }

  /// Removes the folders, which no box uses any more.
  void remove() {
    Set.copyOf(folders.values()).forEach(ControlGroups::remove);
  }
}
