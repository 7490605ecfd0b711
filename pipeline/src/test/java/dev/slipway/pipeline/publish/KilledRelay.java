package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.publish.InterruptedSource.Point;
import dev.slipway.pipeline.publish.OutboxWorld.Address;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// A program that relays until it comes to a point, says so, and goes on there only when it is told
/// to: long enough to be killed or paused.
final class KilledRelay {
  private KilledRelay() {}

  public static void main(String[] arguments) throws InterruptedException {
    Address address = Address.of(Arrays.copyOfRange(arguments, 2, arguments.length));
    var meters = new SimpleMeterRegistry();
    var source =
        new InterruptedSource(
            OutboxWorld.relay(
                address,
                address.open(),
                new Wakeup(),
                OutboxWorld.settings(Integer.parseInt(arguments[1]), null),
                meters),
            Point.valueOf(arguments[0]),
            KilledRelay::waitToBeTold);
    new Publisher(
            source,
            address.clients(),
            new Membership(null, OutboxWorld.SESSION),
            OutboxWorld.limits(1_000),
            new PublisherMetrics(meters, source.name()))
        .start();
    Thread.currentThread().join();
  }

  private static void waitToBeTold() {
    System.out.println("reached");
    try {
      var _ = System.in.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
