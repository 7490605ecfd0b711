package dev.slipway.locale2b.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings a box to life:
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
record Launch(Process process, long initPid) {
  private static final long TIMEOUT_SECONDS = 30;
  private static final int LARGEST_GREETING_BYTES = 16 * 1024;
  private static final Pattern CHILD_PID = Pattern.compile("\"child-pid\": (\\d+)");

  private static final String ENTER =
      """
      for group in $1; do echo $$ > "$group" || exit 1; done
      shift
      exec "$@" 3>&1
      """;

  private static final String BECOME =
      """
      echo ready
      read -r go || exit 1
      echo 0 > /proc/sys/user/max_user_namespaces || exit 1
      exec /usr/bin/setpriv --reuid 0 --regid 0 --clear-groups --ambient-caps -all --inh-caps -all \
        --bounding-set -all,+chown,+dac_override,+fowner,+fsetid,+kill,+setuid,+setgid "$@"
      """;

  static Launch start(
      Tools tools, SystemView system, BoxSpec spec, BoxFiles files, HostIds ids, List<Path> groups)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(tools, system, spec, files, groups))
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
      String greeting = greeting(process.getInputStream());
      Matcher pid = CHILD_PID.matcher(greeting);
      if (!greeting.endsWith("ready\n") || !pid.find()) {
        throw new IOException(Files.readString(files.errors()).strip());
      }
      Path init = Path.of("/proc/" + pid.group(1));
      Files.writeString(init.resolve("uid_map"), ids.map());
      Files.writeString(init.resolve("gid_map"), ids.map());
      process.getOutputStream().write("go\n".getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      started.complete(null);
      return new Launch(process, Long.parseLong(pid.group(1)));
    } finally {
      // no effect when it is complete
      started.cancel(false);
    }
  }

  /// All up to the line that says that the user namespace is there.
  private static String greeting(InputStream from) throws IOException {
    StringBuilder greeting = new StringBuilder();
    int next = from.read();
    while (next >= 0 && greeting.length() < LARGEST_GREETING_BYTES) {
      greeting.append((char) next);
      if (next == '\n' && greeting.toString().endsWith("ready\n")) {
        break;
      }
      next = from.read();
    }
    return greeting.toString();
  }

  private static List<String> command(
      Tools tools, SystemView system, BoxSpec spec, BoxFiles files, List<Path> groups) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                ENTER,
                "sh",
                String.join(" ", groups.stream().map(Path::toString).toList()),
                tools.bubblewrap().toString()));
    command.addAll(
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
    command.addAll(system.options());
    command.addAll(own(files));
    for (Mount mount : spec.mounts()) {
      command.addAll(
          List.of(
              mount.writable() ? "--bind" : "--ro-bind",
              mount.source().toString(),
              mount.destination().toString()));
    }
    command.addAll(List.of("/usr/bin/unshare", "--user", "--keep-caps", "/bin/sh", "-c", BECOME));
    command.addAll(List.of("sh", tools.python().toString(), "-I", "-S", "-E", "-B"));
    command.add(SystemView.INIT);
    command.addAll(
        List.of(
            "processes=" + spec.limits().processes(),
            "file=" + spec.limits().diskBytes(),
            "core=0"));
    return command;
  }

  private static List<String> own(BoxFiles files) {
    return List.of(
        "--proc",
        "/proc",
        "--bind",
        "/proc/sys/user",
        "/proc/sys/user",
        "--dev",
        "/dev",
        "--perms",
        "1777",
        "--size",
        "67108864",
        "--tmpfs",
        "/dev/shm",
        "--perms",
        "0755",
        "--dir",
        "/home",
        "--perms",
        "0755",
        "--dir",
        "/var",
        "--bind",
        files.home().toString(),
        "/home/user",
        "--bind",
        files.root().toString(),
        "/root",
        "--bind",
        files.tmp().toString(),
        "/tmp",
        "--symlink",
        "/tmp",
        "/var/tmp");
  }
}
