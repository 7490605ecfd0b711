package dev.slipway.locale2b.timer;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Runs tasks later, each on a virtual thread of its own.
public final class Timers implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;

  public Timers(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name(name + "-timers").factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Runs a task after a time; a cancelled one is forgotten at once.
  public Future<?> after(Duration delay, String name, Runnable task) {
    return executor.schedule(
        () -> Thread.ofVirtual().name(name).start(task),
        Math.max(0, delay.toNanos()),
        TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
