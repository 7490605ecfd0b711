package dev.slipway.benchmarks.sandbox;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// Commands in sandboxes of this machine, through the API of an installation; and the same commands
/// in sandboxes of its local E2B server without the rest of Slipway, and without a sandbox.
public final class SandboxBenchmark implements Benchmark {
  private static final Duration NO_PAUSE = Duration.ZERO;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int LINES_A_MEGABYTE = 1_000;
  private static final int BEHIND_MILLIS = 1_000;

  private final int sandboxes;
  private final int megabytes;
  private final Clock clock;

  /// @param sandboxes how many at once
  /// @param megabytes that a command prints
  public SandboxBenchmark(int sandboxes, int megabytes, Clock clock) {
    this.sandboxes = sandboxes;
    this.megabytes = megabytes;
    this.clock = clock;
  }

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.BUBBLEWRAP.find();
    progress.accept("starting");
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = SlipwayParts.start(Build.own(), scratch.folder("slipway"), "up");
        SandboxClient client = SandboxClient.of(slipway);
        InLocalE2b alone = InLocalE2b.of(slipway)) {
      InSandboxes inside = InSandboxes.of(client);
      List<Place> places = List.of(inside, alone, new Directly());
      List<Row> rows = new ArrayList<>();
      List<Contest> first = new ArrayList<>(List.of(firstOutput(places, 1)));
      if (sandboxes > 1) {
        first.add(firstOutput(places, sandboxes));
      }
      for (Contest contest : first) {
        List<Row> found = contest.run(effort, progress);
        rows.addAll(found);
        rows.add(ratio(found, "times its p50", Sample::p50Millis));
      }
      List<Row> flooded = flood(inside, places).run(effort, progress);
      rows.addAll(flooded);
      rows.add(ratio(flooded, "of its MB/s", Sample::perSecond));
      int calm = Math.toIntExact(Math.max(1, effort.turn().dividedBy(PAUSE)));
      rows.addAll(behind(inside, calm, PAUSE, effort, progress));
      rows.addAll(behind(inside, megabytes * LINES_A_MEGABYTE, NO_PAUSE, effort, progress));
      return new Report(rows, aims(rows));
    }
  }

  /// What of a contest travels to other machines.
  private static Row ratio(List<Row> contest, String unit, ToDoubleFunction<Sample> figure) {
    Row first = contest.getFirst();
    Row second = contest.get(1);
    return new Row(
        first.contest(),
        first.contestant() + " / " + second.contestant(),
        unit,
        List.of(Sample.figure(first.median(figure) / second.median(figure))));
  }

  private Contest flood(InSandboxes inside, List<Place> places) {
    long bytes = megabytes * 1_000_000L;
    List<Contestant> contestants = new ArrayList<>();
    places.forEach(place -> contestants.add(new Flood(place.name(), place::run, bytes)));
    contestants.add(new Flood("in sandboxes, read along", inside::runAndRead, bytes));
    return new Contest("output of %d MB".formatted(megabytes), "MB/s", contestants);
  }

  private static Contest firstOutput(List<Place> places, int atOnce) {
    return new Contest(
        "created to first output, %d at once".formatted(atOnce),
        "sandboxes/s",
        places.stream().<Contestant>map(place -> new FirstOutput(place, atOnce)).toList());
  }

  private List<Row> behind(
      InSandboxes inside,
      int lines,
      Duration pause,
      Contest.Effort effort,
      Consumer<String> progress)
      throws IOException, InterruptedException {
    String contest =
        pause.isZero() ? "printed to event, at full output" : "printed to event, 20 lines/s";
    var leftOut = new Byproduct();
    List<Row> rows = new ArrayList<>();
    rows.addAll(
        new Contest(contest, "events/s", List.of(new Behind(inside, lines, pause, leftOut, clock)))
            .run(effort, progress));
    rows.add(leftOut.row(contest, "output without an event", "%"));
    return rows;
  }

  /// A client of the stream is never behind by more than a second.
  private static List<Aim> aims(List<Row> rows) {
    return rows.stream()
        .filter(row -> row.contestant().equals("events"))
        .map(row ->
            new Aim(
                row.contest() + ", ms (max)", row.median(Sample::maxMillis), false, BEHIND_MILLIS))
        .toList();
  }
}
