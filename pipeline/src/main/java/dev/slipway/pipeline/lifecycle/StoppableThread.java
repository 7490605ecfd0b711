package dev.slipway.pipeline.lifecycle;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that does its work again and again until it is stopped.
///
/// | its work | what happens |
/// |---|---|
/// | ends, or fails by a bug | begins anew, after a bug with a pause |
/// | throws an [Error] | the thread is dead: memory or a class that is missing does not come back, and a half-done step cannot be trusted |
public final class StoppableThread {
  private static final Logger log = LoggerFactory.getLogger(StoppableThread.class);
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(4);

  private final Thread.Builder builder;
  private final Runnable work;
  private final Duration pause;
  private final Runnable wake;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile boolean dead;

  /// @param work returns soon once [#isStopping]
  /// @param pause how long to wait after a bug
  public StoppableThread(Thread.Builder builder, Runnable work, Duration pause) {
    this(builder, work, pause, () -> {});
  }

  /// @param work returns soon once [#isStopping]
  /// @param pause how long to wait after a bug
  /// @param wake ends what the work waits for elsewhere than in [#rest], so that nobody who stops
  ///   it has to wait too; called when it is to stop, by another thread
  public StoppableThread(Thread.Builder builder, Runnable work, Duration pause, Runnable wake) {
    this.builder = builder;
    this.work = work;
    this.pause = pause;
    this.wake = wake;
  }

  /// Starts it, once.
  public void start() {
    thread = builder.start(this::run);
  }

  /// Tells it to stop, and does not wait for that.
  public void beginStop() {
    stopping.countDown();
    wake.run();
  }

  /// Waits until the work at hand comes to its end.
  ///
  /// @param patience how long that may take; then it is interrupted
  public void stop(Duration patience) {
    beginStop();
    Thread running = thread;
    if (running != null) {
      try {
        if (!running.join(patience)) {
          running.interrupt();
          var _ = running.join(LAST_PATIENCE);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    thread = null;
  }

  /// Whether it was started and not stopped.
  public boolean isRunning() {
    return thread != null;
  }

  /// Whether the work is to come to its end.
  public boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// Whether an [Error] ended it: only another process can do its work.
  public boolean isDead() {
    return dead;
  }

  /// Waits, but no longer than until it is to stop. Called by the work.
  public void rest(Duration duration) {
    try {
      var _ = stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      stopping.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!isStopping()) {
        runOnce();
      }
    } catch (InterruptException _) {
      // stop() lost its patience
    } catch (Error e) {
      dead = true;
      log.atError()
          .addKeyValue("thread", name())
          .setCause(e)
          .log("thread died: restart the process");
    }
  }

  private void runOnce() {
    try {
      work.run();
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      log.atError().addKeyValue("thread", name()).setCause(e).log("thread begins anew");
      rest(pause);
    }
  }

  private static String name() {
    return Thread.currentThread().getName();
  }
}
