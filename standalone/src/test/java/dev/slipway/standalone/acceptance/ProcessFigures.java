package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a JVM holds at rest.
///
/// @param heapBytes in use, garbage left out
/// @param residentBytes of memory, native memory included
record ProcessFigures(long heapBytes, long residentBytes, long threads, long openFiles) {

  /// Collects the garbage of a service and looks.
  ///
  /// @param api the metrics of it
  static ProcessFigures of(Service service, Api api) {
    collectGarbage(service.pid());
    double heap = api.metric("jvm_memory_used_bytes{area=\"heap\"");
    Path proc = Path.of("/proc", Long.toString(service.pid()));
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      return new ProcessFigures(
          Math.round(heap), status(proc, "VmRSS") * 1_024, status(proc, "Threads"), files.count());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static long status(Path proc, String name) throws IOException {
    return Files.readAllLines(proc.resolve("status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }

  /// The last third holds no more than the one before it, but for so much. In the first third there
  /// is still what comes once: classes, pools, compiled code.
  static void assertFlat(
      List<ProcessFigures> figures, ToLongFunction<ProcessFigures> figure, long margin) {
    int third = figures.size() / 3;
    double before = average(figures.subList(third, 2 * third), figure);
    double last = average(figures.subList(2 * third, figures.size()), figure);
    assertThat(last).as("%s", figures).isLessThanOrEqualTo(before + margin);
  }

  private static double average(
      List<ProcessFigures> figures, ToLongFunction<ProcessFigures> figure) {
    return figures.stream().mapToLong(figure).average().orElseThrow();
  }
}
