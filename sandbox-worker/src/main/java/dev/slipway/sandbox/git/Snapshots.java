package dev.slipway.sandbox.git;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.disk.DiskSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Repositories as they were at a commit, for one tenant each: made once, never changed, and gone
/// when there is no room and nobody has them in hand. A directory is a process's own.
///
/// Each is made below `making`, renamed when it is whole, and is only then one: whatever a killed
/// process leaves below `making` is cleared at the next start.
final class Snapshots implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path whole;
  private final Path making;
  private final long mostBytes;
  private final long largestBytes;
  private final DiskSpace disk;
  private final InstantSource clock;
  private final AutoCloseable claim;

  @GuardedBy("this")
  private final Map<String, Entry> entries = new HashMap<>();

  @GuardedBy("this")
  private long reservedBytes;

  /// One that is there, or is being made.
  private static final class Entry {
    // CONFINED: to whoever holds the lock of all
    private long sizeBytes;
    private long lastUsed;
    private int borrowed;
    private boolean isWhole;
    private @Nullable Parts parts;
  }

  /// What a snapshot is of.
  ///
  /// @param depth how many commits deep; 0 for all
  record Key(String tenant, String url, String sha, int depth) {
    /// Safe as a name of a file.
    String name() {
      try {
        String text = tenant + "\n" + url + "\n" + sha + "\n" + depth;
        return HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// Who makes a snapshot.
  @FunctionalInterface
  interface Making {
    /// Makes it in an empty folder.
    void in(Path folder) throws InterruptedException;
  }

  private Snapshots(
      Path root,
      AutoCloseable claim,
      long mostBytes,
      long largestBytes,
      DiskSpace disk,
      InstantSource clock) {
    this.whole = root.resolve("snapshots");
    this.making = root.resolve("making");
    this.claim = claim;
    this.mostBytes = mostBytes;
    this.largestBytes = largestBytes;
    this.disk = disk;
    this.clock = clock;
  }

  /// Goes on with what is in a folder.
  ///
  /// @param own is given back with it
  /// @param mostBytes of all together
  /// @param largestBytes of one
  static Snapshots open(
      OwnFolder own, long mostBytes, long largestBytes, DiskSpace disk, InstantSource clock)
      throws IOException {
    try {
      var snapshots = new Snapshots(own.path(), own, mostBytes, largestBytes, disk, clock);
      snapshots.load();
      return snapshots;
    } catch (IOException | RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private synchronized void load() throws IOException {
    Folders.delete(making);
    var _ = Files.createDirectories(making);
    var _ = Files.createDirectories(whole);
    for (Path one : Folders.list(whole)) {
      var entry = new Entry();
      entry.isWhole = true;
      entry.sizeBytes = Folders.sizeBytes(one);
      entry.lastUsed = Files.getLastModifiedTime(one).toMillis();
      entries.put(one.getFileName().toString(), entry);
    }
  }

  /// A folder for what is of no use after a restart; whoever makes it removes it.
  Path scratch() {
    try {
      return Files.createTempDirectory(making, "work-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where git runs.
  Path making() {
    return making;
  }

  /// A snapshot in hand: it stays until it is closed.
  final class Borrowed implements AutoCloseable {
    private final String name;

    private Borrowed(String name) {
      this.name = name;
    }

    /// A bare repository, not to be changed.
    Path path() {
      return whole.resolve(name);
    }

    /// What of it goes into sandboxes: looked at once.
    Parts parts() {
      Parts known = known(name);
      if (known != null) {
        return known;
      }
      Parts found = Parts.of(path());
      keep(name, found);
      return found;
    }

    @Override
    public void close() {
      giveBack(name);
    }
  }

  /// Takes a snapshot in hand, and has it made if there is none. Who asks for one that is being
  /// made waits for it.
  ///
  /// @throws GitException `unavailable`: there is no room for it now
  Borrowed borrow(Key key, Making maker) throws InterruptedException {
    String name = key.name();
    if (!take(name)) {
      make(name, maker);
    }
    return new Borrowed(name);
  }

  /// @return whether it is there; else it is the caller's to make
  private synchronized boolean take(String name) throws InterruptedException {
    Entry entry = entries.get(name);
    while (entry != null && !entry.isWhole) {
      wait(PATIENCE.toMillis());
      entry = entries.get(name);
    }
    if (entry == null) {
      reserve();
      entries.put(name, new Entry());
      return false;
    }
    entry.borrowed++;
    entry.lastUsed = clock.millis();
    return true;
  }

  @GuardedBy("this")
  private void reserve() {
    while (used() + largestBytes > mostBytes) {
      Optional<Map.Entry<String, Entry>> oldest =
          entries.entrySet().stream()
              .filter(one -> one.getValue().isWhole && one.getValue().borrowed == 0)
              .min(Comparator.comparingLong(one -> one.getValue().lastUsed));
      if (oldest.isEmpty()) {
        throw new GitException(
            GitCode.UNAVAILABLE, "There is no room for another repository until others are done.");
      }
      entries.remove(oldest.get().getKey());
      Folders.delete(whole.resolve(oldest.get().getKey()));
    }
    if (!disk.takes(reservedBytes + largestBytes)) {
      throw new GitException(GitCode.UNAVAILABLE, disk.describe());
    }
    reservedBytes += largestBytes;
  }

  @GuardedBy("this")
  private long used() {
    return reservedBytes + entries.values().stream().mapToLong(one -> one.sizeBytes).sum();
  }

  private void make(String name, Making maker) throws InterruptedException {
    Path folder = scratch();
    boolean isMade = false;
    try {
      maker.in(folder);
      var _ = Files.move(folder, whole.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      isMade = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!isMade) {
        Folders.delete(folder);
      }
      settle(name, isMade ? Folders.sizeBytes(whole.resolve(name)) : -1);
    }
  }

  /// @param sizeBytes negative when it could not be made
  private synchronized void settle(String name, long sizeBytes) {
    reservedBytes -= largestBytes;
    Entry entry = entries.get(name);
    if (entry == null || sizeBytes < 0) {
      entries.remove(name);
    } else {
      entry.isWhole = true;
      entry.sizeBytes = sizeBytes;
      entry.borrowed = 1;
      entry.lastUsed = clock.millis();
    }
    notifyAll();
  }

  private synchronized @Nullable Parts known(String name) {
    Entry entry = entries.get(name);
    return entry == null ? null : entry.parts;
  }

  private synchronized void keep(String name, Parts parts) {
    Entry entry = entries.get(name);
    if (entry != null) {
      entry.parts = parts;
    }
  }

  private synchronized void giveBack(String name) {
    Entry entry = entries.get(name);
    if (entry != null) {
      entry.borrowed--;
      Folders.touch(whole.resolve(name), clock.instant());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      claim.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
