package dev.slipway.web;

import dev.slipway.pipeline.database.Database;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Deletes answers of requests that nobody may repeat any more, once an hour.
final class StoredAnswerCleanup implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(StoredAnswerCleanup.class);
  private static final Duration KEPT = Duration.ofHours(25);
  private static final Duration PAUSE = Duration.ofHours(1);

  private final List<Database> databases;
  private final Disposable.Swap running = Disposables.swap();

  StoredAnswerCleanup(List<Database> databases) {
    this.databases = List.copyOf(databases);
  }

  @Override
  public void start() {
    running.update(
        Flux.interval(PAUSE)
            .onBackpressureDrop()
            .concatMap(_ -> Flux.fromIterable(databases).concatMap(StoredAnswerCleanup::clean))
            .subscribe());
  }

  private static Mono<Long> clean(Database database) {
    return StoredAnswer.deleteOlderThan(database, KEPT)
        .onErrorResume(failure -> {
          log.atWarn().setCause(failure).log("old answers not deleted, next try in an hour");
          return Mono.empty();
        });
  }

  @Override
  public void stop() {
    running.update(Disposables.disposed());
  }

  @Override
  public boolean isRunning() {
    Disposable current = running.get();
    return current != null && !current.isDisposed();
  }
}
