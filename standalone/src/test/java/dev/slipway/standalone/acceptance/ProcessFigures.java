package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a JVM holds at rest.
///
/// @param heapBytes in use, garbage left out
/// @param residentBytes of memory, native memory included
/// @param threadNames as the kernel has them: their first 15 characters
/// @param fileNames of what it has open; sockets and the like by their kind
record ProcessFigures(
    long heapBytes, long residentBytes, List<String> threadNames, List<String> fileNames) {

  /// Collects the garbage of a service and looks.
  ///
  /// @param api the metrics of it
  static ProcessFigures of(Service service, Api api) {
    collectGarbage(service.pid());
    double heap = api.metric("jvm_memory_used_bytes{area=\"heap\"");
    Path proc = Path.of("/proc", Long.toString(service.pid()));
    try {
      return new ProcessFigures(
          Math.round(heap), residentBytes(proc), threadNames(proc), fileNames(proc));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int threads() {
    return threadNames.size();
  }

  int openFiles() {
    return fileNames.size();
  }

  private static void collectGarbage(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      int exit =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.run")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (exit != 0) {
        throw new AssertionError("jcmd: " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static long residentBytes(Path proc) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
        .sum();
  }

  private static List<String> threadNames(Path proc) throws IOException {
    return names(proc.resolve("task"), task -> Files.readString(task.resolve("comm")).strip());
  }

  private static List<String> fileNames(Path proc) throws IOException {
    return names(
        proc.resolve("fd"),
        file -> Files.readSymbolicLink(file).toString().replaceAll(":\\[\\d+]", ""));
  }

  private interface Name {
    String of(Path entry) throws IOException;
  }

  private static List<String> names(Path folder, Name name) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        try {
          names.add(name.of(entry));
        } catch (NoSuchFileException _) {
          // gone since
        }
      }
    }
    return names;
  }

  /// The last third holds no more than the one before it, but for so much. In the first third there
  /// is still what comes once: classes, pools, compiled code.
  static void assertFlat(
      List<ProcessFigures> figures, ToLongFunction<ProcessFigures> figure, long margin) {
    int third = figures.size() / 3;
    double before = average(figures.subList(third, 2 * third), figure);
    double last = average(figures.subList(2 * third, figures.size()), figure);
    assertThat(last)
        .as(() -> "%s%nsince: %s".formatted(figures, since(figures.get(third), figures.getLast())))
        .isLessThanOrEqualTo(before + margin);
  }

  private static double average(
      List<ProcessFigures> figures, ToLongFunction<ProcessFigures> figure) {
    return figures.stream().mapToLong(figure).average().orElseThrow();
  }

  /// Threads and files that one had not yet.
  private static List<String> since(ProcessFigures before, ProcessFigures last) {
    List<String> names = new ArrayList<>(last.threadNames);
    names.addAll(last.fileNames);
    Stream.concat(before.threadNames.stream(), before.fileNames.stream()).forEach(names::remove);
    return names;
  }

  @Override
  public String toString() {
    return "%d MB heap, %d MB resident, %d threads, %d files"
        .formatted(heapBytes >> 20, residentBytes >> 20, threads(), openFiles());
  }
}
