package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Webhooks at a steady pace, each an event, while others look at what comes of them.
final class SteadyPosting implements AutoCloseable {
  private final WebhookSender sender;
  private final AtomicInteger accepted = new AtomicInteger();
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> posting;

  private SteadyPosting(WebhookSender sender, Duration between) {
    this.sender = sender;
    this.posting =
        thread.scheduleAtFixedRate(this::post, 0, between.toMillis(), TimeUnit.MILLISECONDS);
  }

  static SteadyPosting of(WebhookSender sender, Duration between) {
    return new SteadyPosting(sender, between);
  }

  /// Ends it.
  ///
  /// @return how many there were; each was accepted
  int stop() {
    assertThat(posting.state()).isEqualTo(Future.State.RUNNING); // it ends with the first refusal
    close();
    return accepted.get();
  }

  @Override
  public void close() {
    posting.cancel(false);
    thread.close();
  }

  private void post() {
    var payload = Posting.payload(accepted.get() + 1);
    sender.send(Webhook.json("pull_request", payload)).is(202);
    accepted.incrementAndGet();
  }
}
