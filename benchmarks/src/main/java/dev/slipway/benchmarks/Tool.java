package dev.slipway.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A program of somebody else's that takes part.
public enum Tool {
  WRK(
      "wrk",
      """
      Debian, Ubuntu: apt-get install wrk
      Fedora:         dnf install wrk
      macOS:          brew install wrk\
      """),
  NODE(
      "node",
      """
      Debian, Ubuntu: apt-get install nodejs
      Fedora:         dnf install nodejs
      macOS:          brew install node\
      """),
  NPM(
      "npm",
      """
      Debian, Ubuntu: apt-get install npm
      Fedora:         dnf install nodejs-npm
      macOS:          brew install node\
      """),
  PGBENCH(
      "pgbench",
      """
      Debian:         apt-get install postgresql
      Ubuntu:         apt-get install postgresql-contrib
      Fedora:         dnf install postgresql-contrib
      macOS:          brew install postgresql\
      """),
  BUBBLEWRAP(
      "bwrap",
      """
      Debian, Ubuntu: apt-get install bubblewrap
      Fedora:         dnf install bubblewrap\
      """),
  CURL(
      "curl",
      """
      Debian, Ubuntu: apt-get install curl
      Fedora:         dnf install curl
      macOS:          comes with it\
      """),
  NGINX(
      "nginx",
      """
      Debian, Ubuntu: apt-get install nginx-light
      Fedora:         dnf install nginx\
      """),
  NCHAN(
      "ngx_nchan_module.so",
      """
      Debian, Ubuntu: apt-get install libnginx-mod-nchan
      others:         https://nchan.io, built for the installed nginx\
      """);

  private static final List<String> OUTSIDE_OF_PATH =
      List.of("/usr/sbin", "/usr/lib/nginx/modules", "/usr/lib64/nginx/modules");

  private final String program;
  private final String installation;

  Tool(String program, String installation) {
    this.program = program;
    this.installation = installation;
  }

  /// Where it is.
  ///
  /// @throws MissingToolException when it is nowhere
  public Path find() {
    return find(folders());
  }

  Path find(List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(this::usable)
        .findFirst()
        .orElseThrow(() ->
            new MissingToolException(
                "%s is needed, and is in no folder of PATH; to install it:%n%s"
                    .formatted(program, installation.indent(2).stripTrailing())));
  }

  private boolean usable(Path file) {
    return program.endsWith(".so") ? Files.isReadable(file) : Files.isExecutable(file);
  }

  /// PATH, where servers are, and where Debian keeps the programs of PostgreSQL's.
  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    for (String folder :
        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator, -1)) {
      folders.add(Path.of(folder));
    }
    OUTSIDE_OF_PATH.forEach(folder -> folders.add(Path.of(folder)));
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(debian)) {
        versions.forEach(version -> folders.add(version.resolve("bin")));
      } catch (IOException _) {
        return folders; // as good as not there
      }
    }
    return folders;
  }
}
