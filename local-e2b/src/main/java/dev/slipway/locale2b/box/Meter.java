package dev.slipway.locale2b.box;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells what a box takes: by its control groups, and where there are none by adding up its
/// processes.
final class Meter {
  private static final Logger log = LoggerFactory.getLogger(Meter.class);
  private static final int MOST_FILES = 200_000;
  private static final double PERCENT = 100;

  private final Limits limits;
  private final Init init;
  private final Optional<BoxGroups> groups;
  private final BoxFiles files;
  private final AtomicReference<Sample> last;

  private record Sample(long atNanos, long cpuNanos) {}

  Meter(Limits limits, Init init, Optional<BoxGroups> groups, BoxFiles files) {
    this.limits = limits;
    this.init = init;
    this.groups = groups;
    this.files = files;
    this.last = new AtomicReference<>(new Sample(System.nanoTime(), 0));
  }

  Usage read() {
    try {
      List<String> answer = init.ask("usage");
      long cpuNanos = groups.isPresent() ? groups.get().cpuNanos() : number(answer, 3);
      long memoryBytes = groups.isPresent() ? groups.get().memoryBytes() : number(answer, 4);
      Sample now = new Sample(System.nanoTime(), cpuNanos);
      Sample before = last.getAndSet(now);
      double percent =
          PERCENT * (now.cpuNanos - before.cpuNanos) / Math.max(1, now.atNanos - before.atNanos);
      return new Usage(
          limits.cpus(),
          Math.max(0, percent),
          limits.memoryBytes(),
          memoryBytes,
          limits.diskBytes(),
          diskBytes(),
          (int) number(answer, 2));
    } catch (IOException | BoxException e) {
      log.atDebug().setCause(e).log("box has ended");
      return new Usage(limits.cpus(), 0, limits.memoryBytes(), 0, limits.diskBytes(), 0, 0);
    }
  }

  private static long number(List<String> answer, int index) throws IOException {
    try {
      return Long.parseLong(answer.get(index));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException("the box gave no figures", e);
    }
  }

  /// Counts no further than a couple of hundred thousand files: this is asked for often.
  private long diskBytes() throws IOException {
    AtomicLong bytes = new AtomicLong();
    AtomicLong seen = new AtomicLong();
    for (Path folder : List.of(files.home(), files.root(), files.tmp())) {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              bytes.addAndGet(attributes.size());
              return seen.incrementAndGet() < MOST_FILES
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return bytes.get();
  }
}
