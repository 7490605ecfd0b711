package dev.slipway.pipeline.retention;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Deletes now and then what is no longer kept.
final class Retention implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<Pruning> prunings;
  private final Duration interval;
  private final StoppableThread thread;

  Retention(List<Pruning> prunings, Duration interval) {
    this.prunings = List.copyOf(prunings);
    this.interval = interval;
    this.thread = new StoppableThread(Thread.ofVirtual().name("retention"), this::prune, interval);
  }

  @Override
  public void start() {
    if (!prunings.isEmpty()) {
      thread.start();
    }
  }

  private void prune() {
    thread.rest(interval);
    if (thread.isStopping()) {
      return;
    }
    for (Pruning pruning : prunings) {
      try {
        long rows = pruning.prune(thread::isStopping);
        if (rows > 0) {
          log.atInfo().addKeyValue("rows", rows).log("deleted what was too old");
        }
      } catch (RetryableException e) {
        log.atWarn()
            .setCause(e)
            .log("could not delete all that is too old, next try after the interval");
      }
    }
  }

  @Override
  public void stop() {
    thread.stop(PATIENCE);
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }
}
