package dev.slipway.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a program has had of the machine, with those that it has started.
public final class Usage {
  private Usage() {}

  /// Processor time so far. The system counts it in hundredths of a second.
  public static Duration processor(ChildProgram program) {
    return program.processes().stream()
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /// Memory that it has now; NaN where the system does not tell, which is anywhere but on Linux.
  public static double residentKilobytes(ChildProgram program) throws IOException {
    double sum = 0;
    for (ProcessHandle process : program.processes()) {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      sum += Files.isReadable(status) ? resident(Files.readString(status)) : Double.NaN;
    }
    return sum;
  }

  /// @param status lines as of `/proc/<pid>/status`
  static double resident(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(Double.NaN);
  }
}
