package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.ChildProgram;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// From a webhook that is posted to the event that a client gets, through all of an installation:
/// ingress, Kafka, the stage's transaction, relay and hub, each in the process that it has there.
public final class LatencyBenchmark implements Benchmark {
  private static final int QUIET = 50;
  private static final int MODEST = 200;
  private static final int BUSY = 1_000;
  private static final Duration AFTERWARDS = Duration.ofSeconds(1);
  private static final int AIM_P50_MILLIS = 15;
  private static final int AIM_P99_MILLIS = 100;

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting Kafka, PostgreSQL, webhook-ingress, pr-service and notifier");
      try (SlipwayParts slipway = SlipwayParts.start(scratch.folder("slipway"))) {
        for (String service : List.of("webhook-ingress", "pr-service", "notifier")) {
          ChildProgram _ = slipway.run(service, Map.of());
        }
        try (StreamReader client =
            StreamReader.open(slipway.url("events"), slipway.secret("token"))) {
          return run(effort, progress, slipway, client);
        }
      }
    }
  }

  private static Report run(
      Contest.Effort effort, Consumer<String> progress, SlipwayParts slipway, StreamReader client)
      throws IOException, InterruptedException {
    var webhooks = new PullRequestWebhooks(slipway.secret("webhook-secret"));
    var numbers = new AtomicInteger(1);
    List<Row> rows = new ArrayList<>();
    // the busy one first: four fresh processes are slow at whatever they do rarely
    for (int perSecond : List.of(BUSY, MODEST, QUIET)) {
      String contest = contest(perSecond);
      Byproduct answers = new Byproduct();
      try (Phases phases = new Phases(slipway)) {
        var journey =
            new Journey(
                slipway.url("webhooks"), webhooks, client, perSecond, numbers, answers, phases);
        rows.addAll(new Contest(contest, "events/s", List.of(journey)).run(effort, progress));
        rows.add(answers.row(contest, "of it: answered 202", "webhooks/s"));
        rows.addAll(phases.rows(contest + ", where time goes"));
        // an event that comes a second time after its turn fails the turn after it
        Sample _ = journey.run(AFTERWARDS);
      }
    }
    Row modest =
        rows.stream()
            .filter(row -> row.contest().equals(contest(MODEST)))
            .findFirst()
            .orElseThrow();
    return new Report(
        rows,
        List.of(
            new Aim("200/s, ms (p50)", modest.median(Sample::p50Millis), false, AIM_P50_MILLIS),
            new Aim("200/s, ms (p99)", modest.median(Sample::p99Millis), false, AIM_P99_MILLIS)));
  }

  private static String contest(int perSecond) {
    return "%,d webhooks/s".formatted(perSecond);
  }
}
