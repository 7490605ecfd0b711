package dev.slipway.pipeline.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at who may read and write a file that holds a secret, before it is used.
///
/// | A file that an operator names | What happens |
/// |---|---|
/// | open to its owner alone | nothing |
/// | of another owner, readable for its group too: how Kubernetes mounts it for an `fsGroup` | nothing: for its owner alone it could not be read |
/// | open to more, such as 0644 | a warning, at each start |
/// | writable for everybody | no start: whoever is on the machine could put a secret of his own there |
///
/// A file of our own data directory is made private, with a warning.
public final class SecretFiles {
  private static final Logger log = LoggerFactory.getLogger(SecretFiles.class);
  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rwx------");

  private SecretFiles() {}

  /// Looks at a file that an operator names. One that is not there is left to whoever reads it.
  ///
  /// @throws InvalidSettingException when everybody may write it
  public static void check(Path file) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new InvalidSettingException(
            "%s holds a secret that everybody may replace (%s): chmod 600 it"
                .formatted(file, PosixFilePermissions.toString(mode)));
      }
      Set<PosixFilePermission> wider = beyondOwner(mode);
      if (!isOurs(file)) {
        wider.remove(PosixFilePermission.GROUP_READ);
      }
      if (!wider.isEmpty()) {
        log.atWarn()
            .addKeyValue("file", file)
            .addKeyValue("mode", PosixFilePermissions.toString(mode))
            .log("a secret is open to others: chmod 600 its file, or mount it with mode 0400");
      }
    } catch (NoSuchFileException _) {
      // the reader tells in its own words
    } catch (IOException e) {
      throw new InvalidSettingException("cannot look at " + file, e);
    }
  }

  /// Takes a file of our own away from others, and says so when that was needed. One that is not
  /// there is fine.
  public static void makePrivate(Path file) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (beyondOwner(mode).isEmpty()) {
        return;
      }
      Set<PosixFilePermission> ours = EnumSet.copyOf(mode);
      ours.retainAll(OWNER_ALONE);
      Files.setPosixFilePermissions(file, ours);
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("mode", PosixFilePermissions.toString(mode))
          .log(
              "a secret was open to others and is private now: if others use this machine, make a"
                  + " new one");
    } catch (NoSuchFileException _) {
      // nothing to protect
    } catch (IOException e) {
      throw new InvalidSettingException("cannot make " + file + " private: chmod 600 it", e);
    }
  }

  private static Set<PosixFilePermission> beyondOwner(Set<PosixFilePermission> mode) {
    Set<PosixFilePermission> wider = EnumSet.noneOf(PosixFilePermission.class);
    wider.addAll(mode);
    wider.removeAll(OWNER_ALONE);
    return wider;
  }

  private static boolean isOurs(Path file) throws IOException {
    return Files.getOwner(file).equals(Files.getOwner(Path.of("/proc/self")));
  }
}
