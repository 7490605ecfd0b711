package dev.slipway.benchmarks.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A server that brings what is published to all of its clients.
interface HubServer extends AutoCloseable {
  /// What the table calls it.
  String name();

  /// Where it listens, on loopback.
  int port();

  default InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port());
  }

  /// Path and query of its stream of events.
  String path();

  /// Lines of a client's request beside those that all send, each with its end.
  default String headers() {
    return "";
  }

  /// What a client sends.
  default byte[] request() {
    return "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: text/event-stream\r\n%s\r\n"
        .formatted(path(), port(), headers())
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Publishes events in order; returns once the server has them.
  ///
  /// @param first number of the first
  void publish(long first, int count) throws IOException, InterruptedException;

  /// Processor time that it has had so far.
  Duration processor();

  /// Memory that it holds on to, in KB, after it has given back what it can; NaN when unknown.
  double memory() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
