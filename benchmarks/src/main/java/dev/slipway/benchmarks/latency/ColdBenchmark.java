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
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.ingress.WebhookLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// A process that has just become ready beside the same one two minutes later: how many webhooks a
/// second it takes on 64 connections, and how long after a webhook its event comes at a modest
/// rate. Each figure has a process of its own, since only once is it new.
public final class ColdBenchmark implements Benchmark {
  private static final Duration TURN = Duration.ofSeconds(15);
  private static final Duration AGE = Duration.ofMinutes(2);
  private static final int MODEST = 200;
  private static final int REPOSITORIES = 64;
  private static final String THROUGHPUT = "webhooks on 64 connections, `up`";
  private static final String LATENCY = "from webhook to event at %d/s, `up`".formatted(MODEST);
  private static final String COLD = "ready just now";
  private static final String WARM = "two minutes later";
  private static final double AIM_THROUGHPUT = 0.6;
  private static final double AIM_P50 = 2;

  private final Results results = new Results();

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.WRK.find();
    for (int round = 1; round <= effort.rounds(); round++) {
      String turn = "round %d of %d: ".formatted(round, effort.rounds());
      Consumer<String> say = said -> progress.accept(turn + said);
      throughput(say); // first: it is where this process's own client gets warm
      latency(say);
    }
    return new Report(results.rows(), aims());
  }

  private void throughput(Consumer<String> progress) throws IOException, InterruptedException {
    progress.accept("starting");
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = start(scratch)) {
      Path load = scratch.folder("load");
      WebhookLoad.prepare(load, slipway.secret("webhook-secret"), REPOSITORIES);
      var webhooks = new WebhookLoad("up", slipway.url("webhooks"), load);
      long ready = System.nanoTime();
      progress.accept("as many as it takes");
      results.add(THROUGHPUT, COLD, "webhooks/s", webhooks.run(TURN));
      try (Journey journey = Journey.through(slipway)) {
        age(journey, ready, progress);
      }
      progress.accept("as many as it takes");
      results.add(THROUGHPUT, WARM, "webhooks/s", webhooks.run(TURN));
    }
  }

  private void latency(Consumer<String> progress) throws IOException, InterruptedException {
    progress.accept("starting");
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = start(scratch);
        Journey journey = Journey.through(slipway)) {
      long ready = System.nanoTime();
      progress.accept("%d webhooks/s".formatted(MODEST));
      results.add(LATENCY, COLD, "events/s", journey.run(MODEST, TURN).events());
      age(journey, ready, progress);
      progress.accept("%d webhooks/s".formatted(MODEST));
      results.add(LATENCY, WARM, "events/s", journey.run(MODEST, TURN).events());
    }
  }

  private static SlipwayParts start(Scratch scratch) throws IOException, InterruptedException {
    return SlipwayParts.start(Build.own(), scratch.folder("slipway"), "up");
  }

  private static void age(Journey journey, long ready, Consumer<String> progress)
      throws IOException, InterruptedException {
    Duration left = AGE.minus(Duration.ofNanos(System.nanoTime() - ready));
    progress.accept("ageing by %d s".formatted(left.toSeconds()));
    Journey.Turn _ = journey.run(MODEST, left);
  }

  private List<Aim> aims() {
    return List.of(
        new Aim(
            THROUGHPUT + ": cold / warm",
            ratio(THROUGHPUT, Sample::perSecond),
            true,
            AIM_THROUGHPUT),
        new Aim(LATENCY + ": cold / warm p50", ratio(LATENCY, Sample::p50Millis), false, AIM_P50));
  }

  private double ratio(String contest, ToDoubleFunction<Sample> figure) {
    Row cold = results.row(contest, COLD);
    Row warm = results.row(contest, WARM);
    return cold.median(figure) / warm.median(figure);
  }
}
