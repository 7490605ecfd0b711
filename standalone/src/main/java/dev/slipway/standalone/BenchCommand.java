package dev.slipway.standalone;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Contest.Effort;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.database.DatabaseBenchmark;
import dev.slipway.benchmarks.door.DoorBenchmark;
import dev.slipway.benchmarks.hub.HubBenchmark;
import dev.slipway.benchmarks.ingress.IngressBenchmark;
import dev.slipway.benchmarks.latency.LatencyBenchmark;
import dev.slipway.benchmarks.latency.Layout;
import dev.slipway.benchmarks.replay.ReplayBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Measures this machine. An aim that is missed is said, and is no failure: it may be the
/// machine's.
@Command(
    name = "bench",
    description = {
      "Measures Slipway side by side with others, in turn and in one run: ratios travel, figures"
          + " do not."
    })
final class BenchCommand implements Runnable {
  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(
      names = "--rounds",
      scope = ScopeType.INHERIT,
      description = "Rounds that count, after one to warm up (default: 3).")
  int rounds = 3;

  @Option(
      names = "--turn",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      description = "How long each works in a round (default: 10s).")
  Duration turn = Duration.ofSeconds(10);

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  BenchCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "bench needs a subcommand: ingress, database, door, replay, latency or hub");
  }

  @Command(
      name = "ingress",
      description = {
        "Webhooks a second that are verified and on Kafka, beside @octokit/webhooks and Kafka's own"
            + " producer tool.",
        "Needs wrk, node and npm, and installs @octokit/webhooks for the time of the run."
      })
  int ingress() throws IOException, InterruptedException {
    return measure("ingress", new IngressBenchmark());
  }

  @Command(
      name = "database",
      description = {
        "What the deliveries feature asks of PostgreSQL, beside pgbench doing the same.",
        "Needs pgbench."
      })
  int database() throws IOException, InterruptedException {
    return measure("database", new DatabaseBenchmark());
  }

  @Command(
      name = "door",
      description = {
        "Requests that a stage answers for 64 clients, a tenth of them repeated, beside pgbench"
            + " writing the same rows.",
        "Needs pgbench."
      })
  int door() throws IOException, InterruptedException {
    return measure("door", new DoorBenchmark());
  }

  @Command(
      name = "replay",
      description = {
        "How fast pr-service gets through a log of deliveries, and through a rebuild of it, beside"
            + " pgbench writing the same rows.",
        "Needs pgbench. Counts deliveries, so that --turn is pgbench's alone."
      })
  int replay() throws IOException, InterruptedException {
    return measure("replay", new ReplayBenchmark());
  }

  @Command(
      name = "latency",
      description = {
        "From a webhook to the event that a client gets, at 50, 200 and 1,000 webhooks a second,"
            + " in `up` and as processes; and what processor time one costs.",
        "Starts everything anew each round: a young JVM still compiles, so only equal ages compare."
      })
  int latency(
      @Option(
              names = "--age",
              paramLabel = "TIME",
              defaultValue = "60s",
              description = "How old it is when it is measured (default: 60s).")
          Duration age,
      @Option(
              names = "--against",
              paramLabel = "DIR",
              description = "A built checkout of another version, measured in turn.")
          @Nullable Path against,
      @Option(
              names = "--layout",
              split = ",",
              defaultValue = "up,processes",
              description = "up, processes or both (default: both).")
          List<Layout> layouts)
      throws IOException, InterruptedException {
    return measure(
        "latency", new LatencyBenchmark(age, against == null ? null : other(against), layouts));
  }

  @Command(
      name = "hub",
      description = {
        "Live events to 50 and 1,000 clients, beside npm's better-sse and nginx with nchan.",
        "Needs node, npm and nginx with nchan, and installs better-sse for the time of the run."
      })
  int hub() throws IOException, InterruptedException {
    return measure("hub", new HubBenchmark());
  }

  private int measure(String name, Benchmark benchmark) throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    Report report = benchmark.run(effort(), progress::say);
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      out.println(JsonMapper.shared().writeValueAsString(json(name, report)));
    } else {
      print(report, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private Build other(Path root) {
    try {
      return Build.at(root);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--against: " + e.getMessage(), e);
    }
  }

  private Effort effort() {
    try {
      return new Effort(rounds, turn);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--rounds, --turn: " + e.getMessage(), e);
    }
  }

  private void print(Report report, PrintWriter out) {
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

  private Map<String, Object> json(String name, Report report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("bench", name);
    json.put("machine", machine());
    json.put("rounds", rounds);
    json.put("turn_seconds", turn.toSeconds());
    json.put("rows", report.rows().stream().map(BenchCommand::json).toList());
    json.put("aims", report.aims().stream().map(BenchCommand::json).toList());
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
