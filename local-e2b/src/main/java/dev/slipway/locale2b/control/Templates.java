package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The templates: folders whose content a sandbox's home begins with.
///
/// @param directory of the folders, which need not exist
record Templates(Path directory) {
  private static final String BASE = "base";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /// The folder of a template; an empty path for the base template, when it has none.
  Path find(String name) {
    Path folder = NAME.matcher(name).matches() ? directory.resolve(name) : Path.of("");
    if (!name.equals(BASE) && (folder.toString().isEmpty() || !Files.isDirectory(folder))) {
      throw new RefusedException(404, "template '" + name + "' not found");
    }
    return Files.isDirectory(folder) ? folder : Path.of("");
  }
}
