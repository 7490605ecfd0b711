package dev.slipway.benchmarks.hub;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Many clients on one thread that does no more than it must: it takes what has come out of the
/// sockets and looks at a hundredth of it.
final class Receivers implements AutoCloseable {
  private static final byte[] SUCCESS = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int PATIENCE_SECONDS = 30;

  private final Selector selector;
  private final Listener listener;
  private final CountDownLatch answers;
  private final Thread thread = Thread.ofPlatform().name("receivers").unstarted(this::run);
  private volatile boolean closing;
  private volatile @Nullable IOException failure;

  private Receivers(Selector selector, int count, Listener listener) {
    this.selector = selector;
    this.answers = new CountDownLatch(count);
    this.listener = listener;
  }

  /// Gets what arrives.
  interface Listener {
    /// An event is with a client.
    void arrived(int client, long number);
  }

  private static final class Client {
    private final int number;
    private final Payload.Scanner scanner = new Payload.Scanner();
    private boolean answered;

    Client(int number) {
      this.number = number;
    }
  }

  /// Connects so many clients.
  ///
  /// @return when all have their answer
  static Receivers open(HubServer server, int count, Listener listener)
      throws IOException, InterruptedException {
    Receivers receivers = new Receivers(Selector.open(), count, listener);
    try {
      byte[] request = server.request();
      for (int number = 0; number < count; number++) {
        SocketChannel channel = SocketChannel.open(server.address());
        int _ = channel.write(ByteBuffer.wrap(request));
        channel.configureBlocking(false);
        // no port waits for a client that has gone
        var _ = channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        SelectionKey _ =
            channel.register(receivers.selector, SelectionKey.OP_READ, new Client(number));
      }
      receivers.thread.start();
      if (!receivers.answers.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        receivers.check();
        throw new IOException(
            "%s has not answered %d of %d clients"
                .formatted(server.name(), receivers.answers.getCount(), count));
      }
      return receivers;
    } catch (IOException | InterruptedException | RuntimeException e) {
      receivers.close();
      throw e;
    }
  }

  /// Makes sure that all are still there.
  ///
  /// @throws IOException when a client was cut off
  void check() throws IOException {
    IOException e = failure;
    if (e != null) {
      throw new IOException("a client was cut off", e);
    }
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (!closing) {
        int _ = selector.select((SelectionKey key) -> read(key, buffer));
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private void read(SelectionKey key, ByteBuffer buffer) {
    Client client = (Client) key.attachment();
    try {
      if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
        throw new EOFException("the server has ended a stream");
      }
      buffer.flip();
      if (!client.answered) {
        requireSuccess(buffer);
        client.answered = true;
        answers.countDown();
      }
      client.scanner.read(buffer, number -> listener.arrived(client.number, number));
    } catch (IOException e) {
      failure = e;
      key.cancel();
    }
  }

  /// The status line comes in one piece.
  private static void requireSuccess(ByteBuffer answer) throws IOException {
    ByteBuffer success = ByteBuffer.wrap(SUCCESS);
    if (answer.remaining() < SUCCESS.length
        || !answer.slice(answer.position(), SUCCESS.length).equals(success)) {
      throw new IOException(
          "a client was answered " + StandardCharsets.US_ASCII.decode(answer.duplicate()));
    }
  }

  @Override
  public void close() throws IOException {
    closing = true;
    var _ = selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
