package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Schedule;
import dev.slipway.benchmarks.latency.Phase.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Webhooks at a constant rate, from when each was due to the client that hears what came of it. A
/// turn in which not every event arrives exactly once is none.
///
/// @param numbers of pull requests, of all turns
/// @param answers until the webhook was answered
/// @param phases in the services
record Journey(
    URI ingress,
    PullRequestWebhooks webhooks,
    StreamReader client,
    int perSecond,
    AtomicInteger numbers,
    Byproduct answers,
    Phases phases)
    implements Contestant {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "Slipway: event at the client";
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    Map<Phase, Time> before = phases.read();
    int count = new Schedule(0, perSecond).within(duration);
    int first = numbers.getAndAdd(count);
    Schedule schedule = Schedule.of(perSecond);
    Arrivals arrivals = new Arrivals(schedule, first, count);
    client.tell(arrivals);
    Posts posts = new Posts(ingress, webhooks, schedule, first, count);
    posts.run();
    arrivals.awaitAll(PATIENCE);
    client.check();
    double seconds = (System.nanoTime() - schedule.began()) / 1e9;
    phases.turn(before);
    answers.add(Sample.of(count / seconds, posts.micros(), 0));
    return Sample.of(count / seconds, arrivals.micros(), 0);
  }
}
