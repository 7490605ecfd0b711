package dev.slipway.locale2b.box;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Boxes made by bubblewrap, below a directory that no other JVM uses at the same time.
public final class BubblewrapBoxes implements Boxes {
  private static final Logger log = LoggerFactory.getLogger(BubblewrapBoxes.class);
  private static final String SYSTEM = "system";
  private static final String BOXES = "boxes";
  private static final int MARK_BYTES = 8;
  private static final BoxSpec TRIAL =
      new BoxSpec("trial", Path.of(""), NetworkRules.off(), Limits.DEFAULT, List.of());

  private final FileChannel lock;
  private final SystemResolver resolver;
  private final ScheduledExecutorService timer;
  private final Optional<ControlGroups> groups;

  /// Or why there is none.
  private final Optional<BoxMaker> maker;

  private final Optional<String> unavailable;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Map<String, SupervisedBox> boxes = new ConcurrentHashMap<>();

  private BubblewrapBoxes(Path directory, NetworkSettings settings, FileChannel lock, String path)
      throws IOException {
    this.lock = lock;
    this.resolver = new SystemResolver();
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("box-timer").factory());
    this.groups = findGroups(directory);
    SystemView system = SystemView.create(directory.resolve(SYSTEM));
    Judge judge = new Judge(resolver, settings);
    Optional<BoxMaker> found = Optional.empty();
    Optional<String> reason;
    try {
      BoxMaker candidate =
          new BoxMaker(
              directory.resolve(BOXES), Tools.find(path), system, groups, judge, settings, timer);
      reason = tryOut(candidate);
      found = Optional.of(candidate);
    } catch (Tools.MissingException e) {
      reason = Optional.of(String.valueOf(e.getMessage()));
    }
    this.maker = found;
    this.unavailable = reason;
  }

  /// Takes a directory for its own, clears what an earlier JVM left there, and tries out whether
  /// boxes can be made.
  ///
  /// @throws IOException if the directory cannot be used, or another JVM uses it
  public static BubblewrapBoxes open(Path directory, NetworkSettings settings) throws IOException {
    return open(directory, settings, Tools.PATH);
  }

  /// The same, with bubblewrap looked for elsewhere.
  static BubblewrapBoxes open(Path directory, NetworkSettings settings, String path)
      throws IOException {
    Path own = Files.createDirectories(directory, BoxFiles.OWNER_ONLY).toRealPath();
    FileChannel lock = lock(own.resolve("lock"));
    boolean opened = false;
    try {
      BubblewrapBoxes boxes = new BubblewrapBoxes(own, settings, lock, path);
      opened = true;
      return boxes;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      log.atDebug().setCause(e).log("directory of boxes is in use by this process itself");
    }
    channel.close();
    throw new IOException("another process has its sandboxes in " + file.resolveSibling(""));
  }

  private static Optional<ControlGroups> findGroups(Path directory) throws IOException {
    Leftovers leftovers =
        new Leftovers(directory, Files.createDirectories(directory.resolve(BOXES)));
    leftovers.clear();
    Optional<ControlGroups> groups =
        ControlGroups.find(
            "slipway-" + mark(directory),
            Files.readAllLines(Path.of("/proc/self/cgroup")),
            Files.readAllLines(Path.of("/proc/self/mountinfo")));
    leftovers.remember(groups);
    return groups;
  }

  /// What distinguishes this directory from those of other installations.
  private static String mark(Path directory) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Optional<String> tryOut(BoxMaker maker) {
    try {
      maker.make(TRIAL, () -> {}).close();
      return Optional.empty();
    } catch (BoxException e) {
      return Optional.of(
          """
          bubblewrap is not permitted to make sandboxes here (%s): run Slipway as root, or allow user \
          namespaces (sysctl -w kernel.unprivileged_userns_clone=1 on Debian, \
          kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu); a container needs --privileged\
          """
              .formatted(e.getMessage()));
    }
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public Box create(BoxSpec spec) throws BoxException {
    if (unavailable.isPresent() || maker.isEmpty()) {
      throw new BoxException(Kind.UNAVAILABLE, unavailable.orElse("there can be no sandboxes"));
    }
    if (!taken.add(spec.id())) {
      throw new BoxException(Kind.NOT_CREATED, "there is a box " + spec.id() + " already");
    }
    boolean made = false;
    try {
      SupervisedBox box = maker.get().make(spec, () -> forget(spec.id()));
      boxes.put(spec.id(), box);
      made = true;
      if (timer.isShutdown()) {
        box.close();
      }
      return box;
    } finally {
      if (!made) {
        taken.remove(spec.id());
      }
    }
  }

  private void forget(String id) {
    boxes.remove(id);
    taken.remove(id);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    List.copyOf(boxes.values()).parallelStream().forEach(SupervisedBox::close);
    groups.ifPresent(ControlGroups::remove);
    resolver.close();
    try {
      lock.close();
    } catch (IOException e) {
      log.atWarn().setCause(e).log("lock of the directory of boxes is not released");
    }
  }
}
