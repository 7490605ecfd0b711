package dev.slipway.web;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Deletes answers of requests that nobody may repeat any more, once an hour.
final class StoredAnswerCleanup implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(StoredAnswerCleanup.class);
  private static final Duration KEPT = Duration.ofHours(25);
  private static final Duration PAUSE = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final List<Database> databases;
  private final StoppableThread thread =
      new StoppableThread(Thread.ofVirtual().name("stored-answers"), this::clean, PAUSE);

  StoredAnswerCleanup(List<Database> databases) {
    this.databases = List.copyOf(databases);
  }

  @Override
  public void start() {
    if (!databases.isEmpty()) {
      thread.start();
    }
  }

  private void clean() {
    thread.rest(PAUSE);
    for (Database database : databases) {
      if (!thread.isStopping()) {
        try {
          int _ = StoredAnswer.deleteOlderThan(database, KEPT);
        } catch (RetryableException e) {
          log.atWarn().setCause(e).log("old answers not deleted, next try in an hour");
        }
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
