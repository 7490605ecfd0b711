package dev.slipway.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  Path jar() {
    return home.resolve("quarkus-run.jar");
  }

  /// The registry's class data, prepared for a quicker start; empty when it was not made.
  Optional<Path> aotCache() {
    return Optional.of(home.resolve("registry.aot")).filter(Files::exists);
  }
}
