package dev.slipway.benchmarks.hub;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// No server at all: finished bytes, written to one socket after the other. Nobody is faster with
/// these clients on this machine, so what it gets done is what they can take.
final class BareSockets implements HubServer {
  private static final byte[] HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocketChannel listening;
  private final List<SocketChannel> clients = new CopyOnWriteArrayList<>();
  private final int port;

  private BareSockets(ServerSocketChannel listening) {
    this.listening = listening;
    this.port = listening.socket().getLocalPort();
  }

  static BareSockets start() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    var _ = listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096);
    BareSockets server = new BareSockets(listening);
    Thread _ = Thread.ofPlatform().name("bare-sockets").daemon().start(server::accept);
    return server;
  }

  private void accept() {
    ByteBuffer request = ByteBuffer.allocate(4_096);
    try {
      while (true) {
        SocketChannel client = listening.accept();
        int _ = client.read(request.clear()); // it comes in one piece
        if (write(client, ByteBuffer.wrap(HEAD))) {
          clients.add(client);
        }
      }
    } catch (IOException _) {
      // closed
    }
  }

  @Override
  public String name() {
    return "bare sockets";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String path() {
    return "/";
  }

  @Override
  public void publish(long first, int count) {
    ByteBuffer frames = ByteBuffer.allocateDirect(count * (Payload.SIZE_BYTES + 8));
    for (long number = first; number < first + count; number++) {
      frames.put("data: ".getBytes(StandardCharsets.US_ASCII)).put(Payload.of(number));
      frames.put((byte) '\n').put((byte) '\n');
    }
    frames.flip();
    boolean _ = clients.removeIf(client -> !write(client, frames.duplicate()));
  }

  /// @return false when the client has gone
  private static boolean write(SocketChannel client, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        int _ = client.write(bytes);
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Of whoever publishes, who is all the server there is.
  @Override
  public Duration processor() {
    return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  @Override
  public double memory() {
    return Double.NaN;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (SocketChannel client : clients) {
      client.close();
    }
  }
}
