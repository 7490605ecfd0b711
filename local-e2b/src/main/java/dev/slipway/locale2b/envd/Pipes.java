package dev.slipway.locale2b.envd;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Platform threads for work on the pipes of boxes, which would keep a virtual thread's carrier
/// while they wait.
final class Pipes {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("box-pipe-", 0).factory());

  private Pipes() {}

  /// Work on pipes.
  interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /// Does the work, and waits for it.
  static <T> T call(Work<T> work) throws IOException, InterruptedException {
    Future<T> result = THREADS.submit(work::run);
    try {
      return result.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case InterruptedException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
