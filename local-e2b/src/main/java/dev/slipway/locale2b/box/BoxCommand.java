package dev.slipway.locale2b.box;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command that brings a box to life. Where we are root:
///
/// 1. a shell enters the box's control groups and becomes bubblewrap, which, being root, makes the
///    namespaces and mounts;
/// 2. what it starts as process 1 makes a user namespace, and says so;
/// 3. we give that namespace its users, who are nobody on the host, and let it go on;
/// 4. it forbids further user namespaces, becomes the box's root with a handful of capabilities
///    over the box's own files and processes, and then `init.py`.
///
/// Up to there nothing runs that a box could have a hand in. The namespaces of mounts, processes
/// and network belong to the host's root, so no capability that could be had in the box counts
/// there.
///
/// Where we are not, bubblewrap makes the user namespace itself, in which root is who we are, and
/// `init.py` makes a second one below it, in which `user` is; no third is allowed.
///
/// @param groups files into which the box's first process writes its number
/// @param limitData whether memory can only be limited process by process
record BoxCommand(
    Tools tools,
    SystemView system,
    BoxSpec spec,
    BoxFiles files,
    HostIds ids,
    Path proxySocket,
    List<Path> groups,
    boolean limitData) {
  private static final String SHARED_MEMORY_BYTES = Long.toString(64L * 1024 * 1024);

  private static final String ENTER =
      """
      for group in $1; do echo $$ > "$group" || exit 1; done
      shift
      exec "$@" 3>&1
      """;

  private static final String LAST_STEPS =
      """
      echo %d > /proc/sys/user/max_user_namespaces || exit 1
      exec /usr/bin/setpriv %s --ambient-caps -all --inh-caps -all \
        --bounding-set -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setuid,+setgid%s "$@"
      """;

  private static final String BECOME_NOBODY =
      """
      echo ready
      read -r go || exit 1
      """
          + LAST_STEPS.formatted(0, "--reuid 0 --regid 0 --clear-groups", "");

  /// Without the last capability nobody may map root into a namespace below.
  private static final String STAY_WHO_WE_ARE = LAST_STEPS.formatted(1, "", ",+setfcap");

  List<String> words() {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "sh"));
    words.add(String.join(" ", groups.stream().map(Path::toString).toList()));
    words.add(tools.bubblewrap().toString());
    words.addAll(namespaces());
    words.addAll(system.options());
    words.addAll(own());
    for (Mount mount : spec.mounts()) {
      words.add(mount.writable() ? "--bind" : "--ro-bind");
      words.add(mount.source().toString());
      words.add(mount.destination().toString());
    }
    words.addAll(List.of("--remount-ro", "/"));
    if (ids.areOwn()) {
      words.addAll(List.of("/usr/bin/unshare", "--user", "--keep-caps"));
    }
    words.addAll(List.of("/bin/sh", "-c", ids.areOwn() ? BECOME_NOBODY : STAY_WHO_WE_ARE, "sh"));
    words.addAll(List.of(tools.python().toString(), "-I", "-S", "-E", "-B", SystemView.INIT));
    words.addAll(limits());
    return words;
  }

  private List<String> namespaces() {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--unshare-pid",
                "--unshare-net",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-cgroup-try",
                "--as-pid-1",
                "--hostname",
                "sandbox",
                "--info-fd",
                "3",
                "--clearenv",
                "--cap-add",
                "ALL"));
    if (!ids.areOwn()) {
      options.addAll(List.of("--unshare-user", "--uid", "0", "--gid", "0"));
    }
    return options;
  }

  private List<String> own() {
    List<String> options = new ArrayList<>(List.of("--proc", "/proc"));
    if (ids.areOwn()) {
      // bubblewrap lets nobody write below /proc/sys; this much is needed to forbid user namespaces
      options.addAll(List.of("--bind", "/proc/sys/user", "/proc/sys/user"));
    }
    options.addAll(List.of("--dev", "/dev"));
    options.addAll(
        List.of("--perms", "1777", "--size", SHARED_MEMORY_BYTES, "--tmpfs", "/dev/shm"));
    for (String folder : List.of("/home", "/var")) {
      options.addAll(List.of("--perms", "0755", "--dir", folder));
    }
    options.addAll(List.of("--bind", files.home().toString(), BoxUser.USER.home()));
    options.addAll(List.of("--bind", files.root().toString(), BoxUser.ROOT.home()));
    options.addAll(List.of("--bind", files.tmp().toString(), "/tmp"));
    options.addAll(List.of("--symlink", "/tmp", "/var/tmp"));
    options.addAll(List.of("--bind", proxySocket.toString(), SystemView.PROXY_SOCKET));
    return options;
  }

  private List<String> limits() {
    Limits limits = spec.limits();
    List<String> options =
        new ArrayList<>(
            List.of("processes=" + limits.processes(), "file=" + limits.diskBytes(), "core=0"));
    if (limitData) {
      options.add("data=" + limits.memoryBytes());
    }
    if (!ids.areOwn()) {
      options.add("below");
    }
    return options;
  }
}
