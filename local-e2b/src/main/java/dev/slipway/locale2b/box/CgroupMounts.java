package dev.slipway.locale2b.box;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The hierarchies of control groups, and where we are in them.
///
/// @param mounts where each is mounted, by controller; version 2 under the empty name
/// @param roots which group of the hierarchy that mount shows as its root
/// @param groups the group that we are in
record CgroupMounts(Map<String, Path> mounts, Map<String, Path> roots, Map<String, Path> groups) {
  private static final int ROOT = 3;
  private static final int MOUNT_POINT = 4;

  static CgroupMounts parse(List<String> cgroups, List<String> mountinfo) {
    Map<String, Path> mounts = new HashMap<>();
    Map<String, Path> roots = new HashMap<>();
    for (String line : mountinfo) {
      String[] sides = line.split(" - ", 2);
      String[] left = sides[0].split(" ", -1);
      String[] right = sides.length == 2 ? sides[1].split(" ", -1) : new String[0];
      if (right.length < 3 || left.length <= MOUNT_POINT || !right[0].startsWith("cgroup")) {
        continue;
      }
      List<String> names =
          right[0].equals("cgroup2") ? List.of("") : List.of(right[2].split(",", -1));
      for (String name : names) {
        mounts.putIfAbsent(name, Path.of(left[MOUNT_POINT]));
        roots.putIfAbsent(name, Path.of(left[ROOT]));
      }
    }
    Map<String, Path> groups = new HashMap<>();
    for (String line : cgroups) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        for (String name : parts[1].split(",", -1)) {
          groups.put(name, Path.of(parts[2]));
        }
      }
    }
    return new CgroupMounts(Map.copyOf(mounts), Map.copyOf(roots), Map.copyOf(groups));
  }

  /// Groups below which ours could be: the one that we are in, so that its limits hold for boxes
  /// too, then those above it.
  List<Path> candidates(String controller) {
    Path mount = mounts.get(controller);
    Path root = roots.get(controller);
    Path group = groups.get(controller);
    if (mount == null || root == null || group == null) {
      return List.of();
    }
    List<Path> candidates = new ArrayList<>();
    Path relative = group.startsWith(root) ? root.relativize(group) : Path.of("");
    for (Path at = mount.resolve(relative).normalize();
        at != null && at.startsWith(mount);
        at = at.getParent()) {
      candidates.add(at);
    }
    return candidates;
  }
}
