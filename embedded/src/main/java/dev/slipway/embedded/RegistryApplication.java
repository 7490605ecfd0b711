package dev.slipway.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where the registry's own jars are: the build unpacks them beside this module's classes.
///
/// @param home folder with `quarkus-run.jar`
record RegistryApplication(Path home) {
  /// Names the folder where it is in neither of the usual places.
  private static final String PROPERTY = "slipway.registry.home";

  /// Looks in the folder that the system property names, else beside this module's jar or classes,
  /// else beside the folder of jars that this one is in.
  static RegistryApplication find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return new RegistryApplication(Path.of(named));
    }
    Path here = Installation.folderOf(RegistryApplication.class);
    List<Path> places = List.of(here.resolve("registry"), here.resolveSibling("registry"));
    return places.stream()
        .map(RegistryApplication::new)
        .filter(application -> Files.exists(application.jar()))
        .findFirst()
        .orElseThrow(() ->
            new StartFailedException(
                "the schema registry is in none of "
                    + places
                    + ": build module embedded, or set SCHEMA_REGISTRY_URL",
                null));
  }

  private Path jar() {
    return home.resolve("quarkus-run.jar");
  }

  /// What to run: one class path, so that one class loader has all, as the JDK's cache wants it;
  /// first in it what the build of Quarkus has changed.
  List<String> main() {
    String path =
        Stream.of(
                "quarkus/transformed-bytecode.jar",
                "quarkus/generated-bytecode.jar",
                "app/*",
                "lib/boot/*",
                "lib/main/*")
            .map(jars -> home + File.separator + jars)
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        path,
        "io.quarkus.runner.GeneratedMain");
  }

  /// What the JDK has prepared for a quicker start; empty when it was not made.
  Optional<Path> aotCache() {
    return Optional.of(home.resolve("registry.aot")).filter(Files::exists);
  }

  /// Where the JDK is to write that when a registry ends.
  Path newAotCache() {
    return home.resolve("registry.aot.new");
  }

  /// Takes what the JDK has written into use.
  void prepared() {
    try {
      if (Files.exists(newAotCache())) {
        Path _ = Files.move(newAotCache(), home.resolve("registry.aot"), ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
