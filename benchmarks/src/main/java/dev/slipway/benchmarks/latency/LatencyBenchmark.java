package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// From a webhook that is posted to the event that a client gets, through all of an installation:
/// ingress, Kafka, the stage's transaction, relay and hub. Each round starts each build anew, so
/// that all are measured at the same age: a young JVM still compiles.
public final class LatencyBenchmark implements Benchmark {
  private static final int QUIET = 50;
  private static final int MODEST = 200;
  private static final int BUSY = 1_000;
  private static final Duration AFTERWARDS = Duration.ofSeconds(1);
  private static final int AIM_P50_MILLIS = 15;
  private static final int AIM_P99_MILLIS = 100;
  private static final double AIM_QUIET_RATIO = 0.8;
  private static final double AIM_MODEST_RATIO = 0.6;
  private static final String PROCESSOR = ", processor for one";

  private final Duration age;
  private final @Nullable Build against;
  private final List<Layout> layouts;
  private final Results results = new Results();

  /// @param age of an installation when it is measured, spent at the middle rate
  /// @param against another build, to be measured in turn
  /// @param layouts to be measured in turn
  public LatencyBenchmark(Duration age, @Nullable Build against, List<Layout> layouts) {
    this.age = age;
    this.against = against;
    this.layouts = List.copyOf(layouts);
  }

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    List<Build> builds = Stream.of(against, Build.own()).flatMap(Stream::ofNullable).toList();
    for (int round = 1; round <= effort.rounds(); round++) {
      for (Layout layout : layouts) {
        for (Build build : builds) {
          String turn =
              "round %d of %d, %s, %s: "
                  .formatted(round, effort.rounds(), layout.title, build.name());
          measure(build, layout, effort.turn(), said -> progress.accept(turn + said));
        }
      }
    }
    return new Report(results.rows(), aims());
  }

  private void measure(Build build, Layout layout, Duration turn, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept("starting");
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = layout.start(build, scratch.folder("slipway"));
        Journey journey = Journey.through(slipway);
        Phases phases = new Phases(slipway)) {
      long ready = System.nanoTime();
      progress.accept("ageing by " + age.toSeconds() + " s");
      Journey.Turn _ = journey.run(MODEST, age);
      // the busy one last: it leaves most behind
      for (int perSecond : List.of(QUIET, MODEST, BUSY)) {
        Duration old = Duration.ofNanos(System.nanoTime() - ready);
        progress.accept("%,d webhooks/s, %d s old".formatted(perSecond, old.toSeconds()));
        String contest = contest(perSecond, layout);
        Duration used = slipway.processor();
        phases.begin();
        Journey.Turn result = journey.run(perSecond, turn);
        double millis = slipway.processor().minus(used).toNanos() / 1e6 / result.count();
        results.add(contest, build.name(), "events/s", result.events());
        results.add(contest + ", answered 202", build.name(), "webhooks/s", result.answers());
        results.add(contest + PROCESSOR, build.name(), "ms", Sample.figure(millis));
        results.add(contest + ", age", build.name(), "s", Sample.figure(old.toMillis() / 1e3));
        phases.end((phase, average) ->
            results.add(contest + ", " + phase, build.name(), "ms", Sample.figure(average)));
      }
      // an event that comes a second time after its turn fails the turn after it
      Journey.Turn _ = journey.run(QUIET, AFTERWARDS);
    }
  }

  private List<Aim> aims() {
    List<Aim> aims = new ArrayList<>();
    for (Layout layout : layouts) {
      if (against == null) {
        Row modest = results.row(contest(MODEST, layout), Build.own().name());
        double p50 = modest.median(Sample::p50Millis);
        double p99 = modest.median(Sample::p99Millis);
        aims.add(new Aim(modest.contest() + ", ms (p50)", p50, false, AIM_P50_MILLIS));
        aims.add(new Aim(modest.contest() + ", ms (p99)", p99, false, AIM_P99_MILLIS));
      } else {
        aims.addAll(ratios(layout, against.name()));
      }
    }
    return aims;
  }

  private List<Aim> ratios(Layout layout, String other) {
    String quiet = contest(QUIET, layout);
    String modest = contest(MODEST, layout);
    double processor = ratio(modest + PROCESSOR, other, Sample::perSecond);
    return List.of(
        new Aim(quiet + ", p50 to its", p50(quiet, other), false, AIM_QUIET_RATIO),
        new Aim(quiet + ", p99 to its", p99(quiet, other), false, 1),
        new Aim(modest + ", p50 to its", p50(modest, other), false, AIM_MODEST_RATIO),
        new Aim(modest + ", p99 to its", p99(modest, other), false, 1),
        new Aim(modest + PROCESSOR + " to its", processor, false, AIM_MODEST_RATIO));
  }

  private double p50(String contest, String other) {
    return ratio(contest, other, Sample::p50Millis);
  }

  private double p99(String contest, String other) {
    return ratio(contest, other, Sample::p99Millis);
  }

  private double ratio(String contest, String other, ToDoubleFunction<Sample> figure) {
    return results.row(contest, Build.own().name()).median(figure)
        / results.row(contest, other).median(figure);
  }

  private static String contest(int perSecond, Layout layout) {
    return "%,d webhooks/s, %s".formatted(perSecond, layout.title);
  }
}
