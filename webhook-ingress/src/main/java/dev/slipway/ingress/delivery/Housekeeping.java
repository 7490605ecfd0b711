package dev.slipway.ingress.delivery;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// Does now and then what no request does: cuts off slow bodies, reads who may send.
final class Housekeeping implements SmartLifecycle {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /// Reading the addresses may hang for a while, and must not hold up the other.
  private static final int THREADS = 2;

  private static final Duration ADDRESSES_INTERVAL = Duration.ofMinutes(1);

  private final BodyPace pace;
  private final AllowedAddresses allowed;

  private volatile boolean running;
  private @Nullable ScheduledExecutorService threads; // CONFINED: to the lifecycle's thread

  Housekeeping(BodyPace pace, AllowedAddresses allowed) {
    this.pace = pace;
    this.allowed = allowed;
  }

  @Override
  public void start() {
    running = true;
    threads =
        Executors.newScheduledThreadPool(
            THREADS, Thread.ofPlatform().name("delivery-housekeeping").daemon().factory());
    var _ =
        threads.scheduleAtFixedRate(
            pace::sweep, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    if (!allowed.everybody()) {
      var _ =
          threads.scheduleWithFixedDelay(
              allowed::refresh, 0, ADDRESSES_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void stop() {
    running = false;
    if (threads != null) {
      threads.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /// Starts before the web server and stops after it.
  @Override
  public int getPhase() {
    return 0;
  }
}
