package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A server that brings events to clients that have all connected before.
final class FanOut implements Contestant {
  /// What may be on its way to all clients at a time. More fills the sockets of many, less keeps a
  /// server from which few take little waiting for the publisher.
  private static final int DELIVERIES = 16_000;

  private static final int MOST_EVENTS = 64;

  private final HubServer server;
  private final int clients;
  private final Load load;
  private final AtomicLong numbers;
  private final Byproduct last = new Byproduct();
  private final Byproduct processor = new Byproduct();

  /// @param numbers of events, of all turns
  FanOut(HubServer server, int clients, Load load, AtomicLong numbers) {
    this.server = server;
    this.clients = clients;
    this.load = load;
    this.numbers = numbers;
  }

  @Override
  public String name() {
    return server.name();
  }

  private int window() {
    return Math.min(MOST_EVENTS, DELIVERIES / clients);
  }

  /// Until the last client has an event.
  Byproduct last() {
    return last;
  }

  /// Processor time of the server for one delivery.
  Byproduct processor() {
    return processor;
  }

  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    Broadcasts broadcasts = new Broadcasts(clients, window(), numbers.get());
    try (Receivers receivers = Receivers.open(server, clients, broadcasts::arrived)) {
      Duration spentBefore = server.processor();
      long began = System.nanoTime();
      try {
        load.run(server, broadcasts, duration);
        broadcasts.awaitAll();
      } catch (IOException e) {
        receivers.check();
        throw e;
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      Duration spent = server.processor().minus(spentBefore);
      receivers.check();
      numbers.set(broadcasts.next());
      long deliveries = broadcasts.events() * clients;
      processor.add(Sample.figure(spent.toNanos() / 1e3 / deliveries));
      last.add(Sample.of(broadcasts.events() / seconds, broadcasts.last(), 0));
      return Sample.of(deliveries / seconds, broadcasts.each(), broadcasts.wrong());
    }
  }
}
