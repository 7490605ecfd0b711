package dev.slipway.notifier.router;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/// A program that routes, few events at a time, until it is killed.
final class KilledRouter {
  private KilledRouter() {}

  public static void main(String[] arguments) throws InterruptedException {
    RouterWorld.publisher(
            RouterWorld.clients(arguments[0], arguments[1], arguments[2]),
            5,
            new SimpleMeterRegistry())
        .start();
    Thread.currentThread().join();
  }
}
