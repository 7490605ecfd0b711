package dev.slipway.pipeline.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.error.RetryableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether so much of the watched file system is free as must be. Below the floor whatever fills it
/// waits, so that what is left does for those who cannot wait: Kafka ends the process at the first
/// write that fails, and Postgres throws away what it has not finished.
///
/// The file system is looked at by whoever asks, ten times a second at most: that is one system
/// call, which a local disk answers without a wait. Safe for several threads.
public final class DiskSpace {
  private static final Logger log = LoggerFactory.getLogger(DiskSpace.class);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long MIB = 1024 * 1024;

  /// Nothing is free where nobody can look.
  private static final long UNKNOWN = -1;

  private final String directory;
  private final long floorBytes;
  private final @Nullable LongSupplier usable;
  private final LongSupplier nanoClock;

  @GuardedBy("this")
  private long lookedNanos;

  @GuardedBy("this")
  private long freeBytes;

  @GuardedBy("this")
  private boolean low;

  private DiskSpace(
      String directory, long floorBytes, @Nullable LongSupplier usable, LongSupplier nanoClock) {
    this.directory = directory;
    this.floorBytes = floorBytes;
    this.usable = usable;
    this.nanoClock = nanoClock;
    this.lookedNanos = nanoClock.getAsLong() - LOOK_EVERY_NANOS;
  }

  /// The room of the file system that the settings name, if they name one.
  public static DiskSpace of(DiskProperties properties) {
    Path directory = properties.directory();
    return directory == null
        ? unwatched()
        : new DiskSpace(
            directory.toString(),
            properties.floor().toBytes(),
            () -> usableBytes(directory),
            System::nanoTime);
  }

  /// For what writes to no disk: there is always room.
  public static DiskSpace unwatched() {
    return new DiskSpace("", 0, null, System::nanoTime);
  }

  /// A room that a test makes smaller and larger.
  ///
  /// @param usable bytes that are free
  static DiskSpace of(long floorBytes, LongSupplier usable, LongSupplier nanoClock) {
    return new DiskSpace("/data", floorBytes, usable, nanoClock);
  }

  /// Whether anything is watched.
  public boolean isWatched() {
    return usable != null;
  }

  /// Whether less is free than must be. Once it is, an eighth more than the floor must be free
  /// before it is not: what goes back and forth across a line would be said each time.
  public synchronized boolean isLow() {
    if (usable != null && nanoClock.getAsLong() - lookedNanos >= LOOK_EVERY_NANOS) {
      look(usable.getAsLong());
    }
    return low;
  }

  /// Whether so many bytes more would leave as much free as must be.
  public synchronized boolean takes(long bytes) {
    return usable == null || (!isLow() && freeBytes - bytes >= floorBytes);
  }

  @GuardedBy("this")
  private void look(long free) {
    lookedNanos = nanoClock.getAsLong();
    freeBytes = free;
    boolean was = low;
    low = free < (was ? floorBytes + floorBytes / 8 : floorBytes);
    if (low && !was) {
      log.atError()
          .addKeyValue("directory", directory)
          .addKeyValue("free_bytes", free)
          .addKeyValue("floor_bytes", floorBytes)
          .log("the disk is nearly full: webhooks are refused and stages wait until there is room");
    } else if (was && !low) {
      log.atInfo()
          .addKeyValue("directory", directory)
          .addKeyValue("free_bytes", free)
          .log("the disk has room again");
    }
  }

  /// Lets whoever fills the disk go on.
  ///
  /// @throws RetryableException while it is low
  public void require() {
    if (isLow()) {
      throw new RetryableException(describe(), RETRY, null);
    }
  }

  /// A sentence for people that says how much is free, and what to do.
  public synchronized String describe() {
    return freeBytes == UNKNOWN
        ? "Nobody can tell how much is free on the file system of %s: see that it is there."
            .formatted(directory)
        : ("%d MB are free on the file system of %s, and slipway.disk.floor wants %d MB, an eighth more"
                + " once it was reached: make room there, nothing need be restarted.")
            .formatted(freeBytes / MIB, directory, floorBytes / MIB);
  }

  private static long usableBytes(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException _) {
      return UNKNOWN; // said as such
    }
  }
}
