package dev.slipway.standalone;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// What a person sees of a rebuild, and how long it waits for what is away. Used by one thread.
final class RebuildSteps implements Rebuild.Steps {
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(2);

  private final String stage;
  private final Progress progress;
  private final Duration patience;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  // CONFINED: to the rebuild's thread, as all that follow
  private long lastStep = System.nanoTime();
  private long lastWord = lastStep;
  private long records;

  /// @param patience how long something may be away
  RebuildSteps(String stage, Progress progress, Duration patience) {
    this.stage = stage;
    this.progress = progress;
    this.patience = patience;
  }

  /// How many records were folded.
  long records() {
    return records;
  }

  @Override
  public void at(int percent, long folded) {
    records = folded;
    lastStep = System.nanoTime();
    backoff.reset();
    if (lastStep - lastWord >= BETWEEN_WORDS.toNanos()) {
      lastWord = lastStep;
      progress.say("%s: %d %%".formatted(stage, percent));
    }
  }

  @Override
  public void await(RetryableException failure) {
    if (System.nanoTime() - lastStep >= patience.toNanos()) {
      throw failure;
    }
    progress.say("%s: waiting, %s".formatted(stage, failure.getMessage()));
    LockSupport.parkNanos(backoff.next(failure).toNanos());
  }
}
