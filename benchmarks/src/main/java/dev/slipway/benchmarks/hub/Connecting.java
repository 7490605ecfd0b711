package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.ClosedLoop;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Clients that connect, wait for the beginning of the answer, and go.
record Connecting(HubServer server) implements Contestant {
  static final int CLIENTS = 16;

  private static final byte[] SUCCESS = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 20_000;

  @Override
  public String name() {
    return server.name();
  }

  @Override
  public Sample run(Duration duration) throws InterruptedException {
    byte[] request = server.request();
    return new ClosedLoop(CLIENTS, () -> connect(request)).run(duration);
  }

  private long connect(byte[] request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setSoLinger(true, 0); // no port waits for a client that has gone
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      for (byte expected : SUCCESS) {
        if (in.read() != expected) {
          throw new EOFException(server.name() + " refuses a client");
        }
      }
      return 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
