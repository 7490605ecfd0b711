package dev.slipway.pipeline.stage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A wire between a client and PostgreSQL that breaks when it is told to.
final class PostgresProxy implements AutoCloseable {
  // CommandComplete, see PostgreSQL manual, 54.7
  private static final byte[] COMMITTED = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

  // ReadyForQuery, the same; a byte follows that says whether a transaction is open
  private static final byte[] READY = {'Z', 0, 0, 0, 5};

  private final URI server;
  private final ServerSocket entrance;
  private final AtomicBoolean armed = new AtomicBoolean();
  private final AtomicInteger lost = new AtomicInteger();
  private final Collection<Integer> flights = new ConcurrentLinkedQueue<>();

  private PostgresProxy(URI server) throws IOException {
    this.server = server;
    this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  static PostgresProxy to(String databaseUrl) {
    try {
      var proxy = new PostgresProxy(URI.create(databaseUrl));
      Thread.ofVirtual().start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The database's URL through this wire.
  String url() {
    return server.toString().replace(":" + server.getPort() + "/", ":" + port() + "/")
        + "?sslmode=disable";
  }

  private int port() {
    return entrance.getLocalPort();
  }

  /// The server commits, and the wire breaks before the client hears of it.
  void loseTheNextCommitAnswer() {
    armed.set(true);
  }

  /// How many answers were lost.
  int lost() {
    return lost.get();
  }

  /// How often the client waited for the server in each transaction so far, the commit included.
  Collection<Integer> flights() {
    return flights;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        Socket upstream = new Socket(server.getHost(), server.getPort());
        Thread.ofVirtual().start(() -> pump(client, upstream, false));
        Thread.ofVirtual().start(() -> pump(upstream, client, true));
      } catch (IOException _) {
        return;
      }
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[65_536];
      int size = in.read(buffer);
      int open = 0;
      while (size >= 0) {
        open = answers ? count(buffer, size, open) : 0;
        if (answers && isCommit(buffer, size) && armed.getAndSet(false)) {
          lost.incrementAndGet();
          return;
        }
        out.write(buffer, 0, size);
        size = in.read(buffer);
      }
    } catch (IOException _) {
      // the other side is gone, and so is this one
    }
  }

  /// An answer ends with a packet.
  ///
  /// @param open flights of the transaction that is open
  private int count(byte[] buffer, int size, int open) {
    int now = open;
    for (int at = 0; at + READY.length < size; at++) {
      if (isAt(buffer, at, size, READY)) {
        now++;
        if (buffer[at + READY.length] == 'I') {
          flights.add(now - 1); // BEGIN has an answer of its own, but nobody waits for that alone
          now = 0;
        }
      }
    }
    return now;
  }

  /// An answer to `COMMIT` comes in a packet of its own.
  private static boolean isCommit(byte[] buffer, int size) {
    for (int at = 0; at < size; at++) {
      if (isAt(buffer, at, size, COMMITTED)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] buffer, int at, int size, byte[] wanted) {
    return at + wanted.length <= size
        && Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length);
  }

  @Override
  public void close() {
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
