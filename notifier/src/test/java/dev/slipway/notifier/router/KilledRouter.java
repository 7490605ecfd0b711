package dev.slipway.notifier.router;

import dev.slipway.pipeline.disk.DiskSpace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/// A program that routes, few events at a time, until it is killed.
final class KilledRouter {
  private KilledRouter() {}

  public static void main(String[] arguments) throws InterruptedException {
    RouterWorld.publisher(
            RouterWorld.clients(arguments[0], arguments[1], arguments[2]),
            5,
            new SimpleMeterRegistry(),
            DiskSpace.unwatched())
        .start();
    Thread.currentThread().join();
  }
}
