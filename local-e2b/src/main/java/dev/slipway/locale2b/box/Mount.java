package dev.slipway.locale2b.box;

import java.nio.file.Path;
import java.util.Set;

/// A directory of the host, seen in a box. Its files keep their owners: what is writable here is
/// written there only by whom the host lets, see the README of this module.
///
/// @param source an absolute path on the host
/// @param destination an absolute path in the box, outside of the system's own directories
public record Mount(Path source, Path destination, boolean writable) {
  private static final Set<String> SYSTEM =
      Set.of("bin", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "sys", "usr");

  public Mount {
    if (!source.isAbsolute() || !destination.isAbsolute()) {
      throw new IllegalArgumentException("a mount has absolute paths, not " + source);
    }
    destination = destination.normalize();
    if (destination.getNameCount() == 0 || SYSTEM.contains(destination.getName(0).toString())) {
      throw new IllegalArgumentException("nothing can be mounted at " + destination);
    }
  }
}
