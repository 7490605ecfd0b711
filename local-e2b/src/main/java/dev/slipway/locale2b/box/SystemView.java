package dev.slipway.locale2b.box;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What every box sees of the system: the programs of `/usr`, read-only, and of `/etc` only what
/// programs do not run without. Who is who, names and addresses are the box's own.
///
/// @param directory on the host, with the generated files and `init.py`
record SystemView(Path directory) {
  static final String INIT = "/run/box/init.py";
  static final String PROXY_SOCKET = "/run/box/proxy.sock";

  private static final List<String> LINKS = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64");

  private static final List<String> FROM_ETC =
      List.of(
          "/etc/alternatives",
          "/etc/ca-certificates",
          "/etc/ld.so.cache",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/pki/ca-trust",
          "/etc/pki/tls/certs",
          "/etc/protocols",
          "/etc/services",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf");

  private static final Map<String, String> GENERATED =
      Map.of(
          "passwd",
              """
              root:x:0:0:root:/root:/bin/bash
              user:x:1000:1000:user:/home/user:/bin/bash
              nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
              """,
          "group",
              """
              root:x:0:
              user:x:1000:
              nogroup:x:65534:
              """,
          "hosts",
              """
              127.0.0.1 localhost sandbox
              ::1 localhost
              """,
          "hostname", "sandbox\n",
          "resolv.conf", "# the proxy of HTTP_PROXY and HTTPS_PROXY resolves names\n",
          "nsswitch.conf",
              """
              passwd: files
              group: files
              hosts: files
              """);

  /// Writes the files anew.
  static SystemView create(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : GENERATED.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    try (InputStream init = SystemView.class.getResourceAsStream("init.py")) {
      if (init == null) {
        throw new IOException("init.py is missing in this program");
      }
      Files.copy(init, directory.resolve("init.py"), StandardCopyOption.REPLACE_EXISTING);
    }
    return new SystemView(directory);
  }

  /// Bubblewrap's options for it.
  List<String> options() {
    List<String> options = new ArrayList<>(List.of("--ro-bind", "/usr", "/usr"));
    for (String link : LINKS) {
      Path path = Path.of(link);
      if (Files.isSymbolicLink(path)) {
        options.addAll(List.of("--symlink", targetOf(path), link));
      } else if (Files.isDirectory(path)) {
        options.addAll(List.of("--ro-bind", link, link));
      }
    }
    for (String name :
        List.of("/etc", "/etc/ssl", "/etc/pki", "/etc/pki/tls", "/run", "/run/box")) {
      options.addAll(List.of("--perms", "0755", "--dir", name));
    }
    for (String name : FROM_ETC) {
      options.addAll(List.of("--ro-bind-try", name, name));
    }
    for (String name : GENERATED.keySet()) {
      options.addAll(List.of("--ro-bind", directory.resolve(name).toString(), "/etc/" + name));
    }
    options.addAll(List.of("--ro-bind", directory.resolve("init.py").toString(), INIT));
    return options;
  }

  private static String targetOf(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
