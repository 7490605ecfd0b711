package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.RetryableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A file that says under which boot of the machine a relay leads: who finds another boot's knows
/// that the machine went down under its predecessor, and with it what Kafka had not written to the
/// disk yet. A relay that ends in order takes it away.
///
/// Without a file, or where the kernel has no boot id (only Linux has one), nothing is ever found.
final class BootNote {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  private final @Nullable Path file;
  private final Path bootId;

  private BootNote(@Nullable Path file, Path bootId) {
    this.file = file;
    this.bootId = bootId;
  }

  /// The note of one relay.
  ///
  /// @param directory of the notes; null for none
  static BootNote of(@Nullable Path directory, String relay) {
    return in(directory, relay, BOOT_ID);
  }

  /// The same with a boot id that a test makes up.
  static BootNote in(@Nullable Path directory, String relay, Path bootId) {
    return new BootNote(directory == null ? null : directory.resolve(relay + ".boot"), bootId);
  }

  /// Whether a relay that led under another boot did not come to its end in order.
  boolean isOfAnotherBoot() {
    return file != null
        && current()
            .flatMap(boot -> read(file).filter(found -> !found.startsWith(boot + ".")))
            .isPresent();
  }

  /// Writes down this boot, so that it outlives a power cut.
  void leave() {
    Path target = file;
    if (target == null || current().isEmpty()) {
      return;
    }
    Path fresh = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.writeString(fresh, mine());
      sync(fresh, StandardOpenOption.WRITE);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      sync(target.toAbsolutePath().getParent(), StandardOpenOption.READ);
    } catch (IOException e) {
      throw new RetryableException(
          "cannot write " + target + ": make its folder writable", Duration.ZERO, e);
    }
  }

  /// Takes it away, unless another process leads by now.
  void remove() {
    Path target = file;
    if (target == null || !read(target).equals(Optional.of(mine()))) {
      return;
    }
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      throw new RetryableException("cannot delete " + target, Duration.ZERO, e);
    }
  }

  private String mine() {
    return current().orElse("") + "." + ProcessHandle.current().pid();
  }

  private Optional<String> current() {
    return read(bootId);
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(Files.readString(file, StandardCharsets.US_ASCII).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw new RetryableException("cannot read " + file, Duration.ZERO, e);
    }
  }

  private static void sync(@Nullable Path path, StandardOpenOption option) throws IOException {
    if (path != null) {
      try (var channel = FileChannel.open(path, option)) {
        channel.force(true);
      }
    }
  }
}
