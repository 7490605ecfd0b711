package dev.slipway.standalone.parts;

import dev.slipway.embedded.StartFailedException;
import dev.slipway.pipeline.disk.DiskProperties;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.unit.DataSize;

/// Whether there is room to start on a data directory: what starts on a full disk ends half-way,
/// each server with a message of its own.
public final class StartRoom {
  /// What the servers of a new installation write before anybody uses it.
  static final DataSize FRESH = DataSize.ofMegabytes(144);

  private final Path directory;
  private final DataSize floor;
  private final LongSupplier free;

  /// @param directory of the installation; it need not exist
  /// @param floor what the running services want to be free
  /// @param free bytes that are
  StartRoom(Path directory, DataSize floor, LongSupplier free) {
    this.directory = directory;
    this.floor = floor;
    this.free = free;
  }

  /// Reads the floor where the services read it: in the environment and the system properties.
  ///
  /// @param directory of the installation; it need not exist
  /// @throws org.springframework.boot.context.properties.bind.BindException when the floor is no
  ///   size, or out of bounds
  public static StartRoom of(Path directory) {
    DiskProperties properties =
        Binder.get(new StandardEnvironment()).bindOrCreate("slipway.disk", DiskProperties.class);
    Path absolute = directory.toAbsolutePath().normalize();
    return new StartRoom(absolute, properties.floor(), () -> freeBytes(absolute));
  }

  /// Lets the start of servers begin.
  ///
  /// @param environment the process's variables
  /// @throws NoRoomException when there is less than the floor, or, for a new installation, than
  ///   that and what it takes
  public void requireForServers(Map<String, String> environment) {
    boolean fresh =
        Wiring.given(environment, Wiring.DATABASE_VARIABLE).isEmpty()
            && !Files.exists(directory.resolve("postgres"));
    require(fresh ? floor.toBytes() + FRESH.toBytes() : floor.toBytes());
  }

  /// Starts servers, in a process that says why if they end it.
  ///
  /// @param err standard error
  /// @throws NoRoomException when that fails and there is less than the floor
  public Servers start(PrintWriter err, Supplier<Servers> start) {
    new LastWords(err, this).prepare();
    try {
      return start.get();
    } catch (StartFailedException e) {
      require();
      throw e;
    }
  }

  /// Lets a start go on.
  ///
  /// @throws NoRoomException when there is less than the floor
  public void require() {
    require(floor.toBytes());
  }

  private void require(long bytes) {
    long free = freeBytes();
    if (free < bytes) {
      throw new NoRoomException(
          ("only %d MB are free on the file system of %s, and it takes %d MB: make room there, choose"
                  + " another with --data-dir, or lower SLIPWAY_DISK_FLOOR (%d MB)")
              .formatted(
                  DataSize.ofBytes(free).toMegabytes(),
                  directory,
                  DataSize.ofBytes(bytes).toMegabytes(),
                  floor.toMegabytes()));
    }
  }

  Path directory() {
    return directory;
  }

  long freeBytes() {
    return free.getAsLong();
  }

  private static long freeBytes(Path directory) {
    Path there = directory;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at the file system of " + there, e);
    }
  }
}
