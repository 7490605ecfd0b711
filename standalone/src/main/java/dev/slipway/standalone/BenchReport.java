package dev.slipway.standalone;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a benchmark found, beside the machine that it was found on.
record BenchReport(String name, int rounds, Duration turn, Report report) {
  /// For people.
  void print(PrintWriter out) {
    Table rows =
        new Table()
            .row(
                "CONTEST",
                "CONTESTANT",
                "MEDIAN",
                "SLOWEST",
                "FASTEST",
                "P50 MS",
                "P99 MS",
                "AVG MS",
                "MAX MS",
                "FAILED");
    for (Row row : report.rows()) {
      Sample median = row.median();
      rows.row(
          row.contest(),
          row.contestant(),
          number(median.perSecond()) + " " + row.unit(),
          number(row.slowest()),
          number(row.fastest()),
          number(row.median(Sample::p50Millis)),
          number(row.median(Sample::p99Millis)),
          number(row.median(Sample::averageMillis)),
          number(row.median(Sample::maxMillis)),
          Long.toString(row.failed()));
    }
    out.println(machine() + ", " + rounds + " rounds of " + turn.toSeconds() + " s");
    out.println();
    out.print(rows);
    out.println();
    Table aims = new Table().row("AIM", "MEASURED", "AIMED", "");
    for (Aim aim : report.aims()) {
      aims.row(
          aim.what(),
          number(aim.measured()),
          (aim.atLeast() ? ">= " : "<= ") + number(aim.aimed()),
          aim.met() ? "met" : "MISSED");
    }
    out.print(aims);
  }

  /// For programs.
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", name);
    json.put("machine", machine());
    json.put("rounds", rounds);
    json.put("turn_seconds", turn.toSeconds());
    json.put("rows", report.rows().stream().map(BenchReport::json).toList());
    json.put("aims", report.aims().stream().map(BenchReport::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> json(Row row) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("contest", row.contest());
    json.put("contestant", row.contestant());
    json.put("unit", row.unit());
    json.put("per_second", row.median().perSecond());
    json.put("p50_ms", finite(row.median(Sample::p50Millis)));
    json.put("p99_ms", finite(row.median(Sample::p99Millis)));
    json.put("average_ms", finite(row.median(Sample::averageMillis)));
    json.put("max_ms", finite(row.median(Sample::maxMillis)));
    json.put("failed", row.failed());
    json.put("rounds_per_second", row.rounds().stream().map(Sample::perSecond).toList());
    return json;
  }

  private static Map<String, Object> json(Aim aim) {
    return Map.of(
        "what", aim.what(),
        "measured", aim.measured(),
        "aimed", aim.aimed(),
        "at_least", aim.atLeast(),
        "met", aim.met());
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String number(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }

  private static String machine() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return "%d processors, load %.1f, %s %s, Java %s"
        .formatted(
            system.getAvailableProcessors(),
            system.getSystemLoadAverage(),
            system.getName(),
            system.getArch(),
            System.getProperty("java.version"));
  }
}
