package dev.slipway.standalone.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;

/// What another user of the machine can do to a running installation: nothing.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class StrangerIT {
  private static final String NOBODY = "65534";

  @Test
  void anotherUserWhoKnowsEveryPortAndPathReadsWritesAndDeletesNothing(Slipway slipway)
      throws Exception {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
        .as("only root can become somebody else: run the suite as root")
        .isEqualTo(0);
    slipway.sender().send(Webhook.json("ping", "{}")).is(202);
    Map<Integer, Long> ends = slipway.log().ends(Log.DELIVERIES);

    // below a folder that others may enter, unlike that of the installation and that of the build
    Path folder = Files.createTempDirectory("slipway-stranger-");
    try {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path paths = Files.write(folder.resolve("paths"), paths(slipway));
      List<String> printed = run(folder, classPath(folder), slipway.port(), paths);

      assertThat(printed).hasSize(1);
      assertThat(printed.getFirst()).matches("tried \\d{3,}");
    } finally {
      deleteAll(folder);
    }
    assertThat(slipway.log().ends(Log.DELIVERIES)).isEqualTo(ends);
  }

  /// The paths of the data directory, and those that its processes have open or mapped and that are
  /// no part of the system, the JDK or the build.
  private static Set<String> paths(Slipway slipway) throws IOException {
    Set<String> paths = new TreeSet<>();
    try (Stream<Path> files = Files.walk(slipway.data())) {
      files.map(Path::toString).forEach(paths::add);
    }
    for (ProcessHandle process : slipway.processes()) {
      Path entry = Path.of("/proc", Long.toString(process.pid()));
      for (String line : Files.readAllLines(entry.resolve("maps"))) {
        int path = line.indexOf('/');
        if (path > 0) {
          paths.add(line.substring(path));
        }
      }
      try (Stream<Path> open = Files.list(entry.resolve("fd"))) {
        for (Path descriptor : open.toList()) {
          if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
            paths.add(Files.readSymbolicLink(descriptor).toString());
          }
        }
      }
    }
    paths.removeIf(path ->
        !path.startsWith(slipway.data().toString())
            && (path.startsWith(Checkout.root().toString())
                || !(path.startsWith("/tmp/") || path.startsWith("/dev/shm/"))));
    return paths;
  }

  private static String classPath(Path folder)
      throws IOException, ReflectiveOperationException, URISyntaxException {
    Path classes = folder.resolve("classes");
    String name = Stranger.class.getName().replace('.', '/') + ".class";
    Path target = classes.resolve(name);
    Files.createDirectories(target.getParent());
    Files.copy(locationOf(Stranger.class).resolve(name), target);
    List<String> entries = new ArrayList<>(List.of(classes.toString()));
    for (Class<?> type :
        List.of(Admin.class, Logger.class, Class.forName("org.postgresql.Driver"))) {
      Path jar = locationOf(type);
      entries.add(Files.copy(jar, folder.resolve(jar.getFileName())).toString());
    }
    return String.join(":", entries);
  }

  private static Path locationOf(Class<?> type) throws URISyntaxException {
    URI location = type.getProtectionDomain().getCodeSource().getLocation().toURI();
    return Path.of(location);
  }

  private static List<String> run(Path folder, String classPath, int port, Path paths)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--reuid",
                NOBODY,
                "--regid",
                NOBODY,
                "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Stranger.class.getName(),
                Integer.toString(port),
                paths.toString())
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> printed = process.inputReader().readAllLines();
    assertThat(process.waitFor(60, SECONDS)).as("the stranger has ended").isTrue();
    assertThat(process.exitValue()).as("the stranger's exit status").isZero();
    return printed;
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
