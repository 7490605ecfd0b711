package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Schedule;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.StreamReader;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Webhooks at a constant rate, from when each was due to the client that hears what came of it. A
/// turn in which not every event arrives exactly once is none.
///
/// @param numbers of the next pull request
public record Journey(
    URI ingress, PullRequestWebhooks webhooks, StreamReader client, AtomicInteger numbers)
    implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /// What a turn came to.
  ///
  /// @param count webhooks
  /// @param events until the client had heard
  /// @param answers until the webhook was answered
  public record Turn(int count, Sample events, Sample answers) {}

  static Journey through(SlipwayParts slipway) throws IOException, InterruptedException {
    return through(
        slipway.url("webhooks"),
        slipway.secret("webhook-secret"),
        slipway.url("events"),
        slipway.secret("token"));
  }

  /// Through any installation, on whose stream nothing else happens.
  ///
  /// @param secret of webhooks
  /// @param token for the stream
  public static Journey through(URI ingress, String secret, URI events, String token)
      throws IOException, InterruptedException {
    return new Journey(
        ingress,
        new PullRequestWebhooks(secret),
        StreamReader.open(events, token),
        new AtomicInteger(1));
  }

  /// Posts, and waits until all of it has been heard of.
  ///
  /// @throws IOException when one was not accepted, or not heard of exactly once
  public Turn run(int perSecond, Duration duration) throws IOException, InterruptedException {
    int count = new Schedule(0, perSecond).within(duration);
    int first = numbers.getAndAdd(count);
    Schedule schedule = Schedule.of(perSecond);
    Arrivals arrivals = new Arrivals(schedule, first, count);
    client.tell(arrivals::event);
    Posts posts = new Posts(ingress, webhooks, schedule, first, count);
    posts.run();
    arrivals.awaitAll(PATIENCE);
    client.check();
    double rate = count / ((System.nanoTime() - schedule.began()) / 1e9);
    return new Turn(
        count, Sample.of(rate, arrivals.micros(), 0), Sample.of(rate, posts.micros(), 0));
  }

  @Override
  public void close() {
    client.close();
  }
}
