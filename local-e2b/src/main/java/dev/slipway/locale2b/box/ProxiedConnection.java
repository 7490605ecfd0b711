package dev.slipway.locale2b.box;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection from a box, from its request to its end. It serves one request, so that none
/// comes through that was not judged.
final class ProxiedConnection implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(ProxiedConnection.class);
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MOST_ADDRESSES = 3;

  private final SocketChannel box;
  private final InputStream fromBox;
  private final OutputStream toBox;
  private final AtomicReference<Socket> outside = new AtomicReference<>(new Socket());
  private final AtomicLong movedNanos = new AtomicLong(System.nanoTime());
  private final AtomicReference<Optional<Destination>> destination =
      new AtomicReference<>(Optional.empty());

  ProxiedConnection(SocketChannel box) {
    this.box = box;
    this.fromBox = new BufferedInputStream(Channels.newInputStream(box), BUFFER_BYTES);
    this.toBox = Channels.newOutputStream(box);
  }

  /// Where it goes.
  record Destination(String host, InetSocketAddress address) {}

  Optional<Destination> destination() {
    return destination.get();
  }

  /// For how long nothing has moved on it.
  long idleNanos() {
    return System.nanoTime() - movedNanos.get();
  }

  /// Answers its request, whatever it is.
  void refuse(String status, String why) throws IOException {
    try {
      var _ = ProxyRequest.read(fromBox);
      answer(status, why);
    } catch (ProxyRequest.BadRequestException e) {
      answer("400 Bad Request", String.valueOf(e.getMessage()));
    }
  }

  /// Serves it to its end.
  void serve(Judge judge, AtomicReference<EgressRules> rules) throws IOException {
    try {
      Optional<ProxyRequest> request = ProxyRequest.read(fromBox);
      if (request.isPresent()) {
        serve(request.get(), judge, rules);
      }
    } catch (ProxyRequest.BadRequestException e) {
      answer("400 Bad Request", String.valueOf(e.getMessage()));
    }
  }

  private void serve(ProxyRequest request, Judge judge, AtomicReference<EgressRules> rules)
      throws IOException {
    switch (judge.judge(rules.get(), request.host(), request.port())) {
      case Judge.Verdict.Refused(var why) -> answer("403 Forbidden", why);
      case Judge.Verdict.Unknown(var why) -> answer("502 Bad Gateway", why);
      case Judge.Verdict.Allowed(var addresses) -> {
        Optional<InetSocketAddress> connected = connect(addresses);
        if (connected.isEmpty()) {
          answer("502 Bad Gateway", request.host() + " does not answer");
          return;
        }
        destination.set(Optional.of(new Destination(request.host(), connected.get())));
        if (!rules.get().allow(request.host(), connected.get().getAddress())) {
          return; // the rules were changed meanwhile, and this one was not seen then
        }
        carry(request);
      }
    }
  }

  private Optional<InetSocketAddress> connect(List<InetSocketAddress> addresses)
      throws IOException {
    for (InetSocketAddress address : addresses.stream().limit(MOST_ADDRESSES).toList()) {
      Socket socket = new Socket();
      outside.getAndSet(socket).close();
      if (!box.isOpen()) {
        socket.close();
        return Optional.empty();
      }
      try {
        socket.connect(address, CONNECT_TIMEOUT_MILLIS);
        return Optional.of(address);
      } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
        log.atDebug().setCause(e).log("host asked for by a box does not answer");
      }
    }
    return Optional.empty();
  }

  private void carry(ProxyRequest request) throws IOException {
    Socket socket = outside.get();
    OutputStream toOutside = socket.getOutputStream();
    if (request.tunnel()) {
      write(toBox, "HTTP/1.1 200 Connection established\r\n\r\n");
    } else {
      toOutside.write(request.head().getBytes(StandardCharsets.ISO_8859_1));
    }
    Thread upload =
        Thread.ofVirtual()
            .start(() -> {
              try {
                upload(request, toOutside);
              } catch (IOException e) {
                log.atDebug().setCause(e).log("connection of a box ended");
                close();
              }
            });
    copy(socket.getInputStream(), toBox, Long.MAX_VALUE);
    box.shutdownOutput();
    if (request.tunnel()) {
      join(upload);
    }
  }

  private void upload(ProxyRequest request, OutputStream toOutside) throws IOException {
    if (request.tunnel()) {
      copy(fromBox, toOutside, Long.MAX_VALUE);
      outside.get().shutdownOutput();
      return;
    }
    switch (request.body()) {
      case ProxyRequest.Body.Length(var bytes) -> copy(fromBox, toOutside, bytes);
      case ProxyRequest.Body.Chunked _ -> new Chunks(fromBox, toOutside).copy(this::moved);
    }
  }

  private void copy(InputStream from, OutputStream to, long most) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = most;
    while (left > 0) {
      int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        return;
      }
      moved();
      to.write(buffer, 0, read);
      moved();
      left -= read;
    }
  }

  private void moved() {
    movedNanos.set(System.nanoTime());
  }

  /// Tells the box why it gets nothing, and ends.
  private void answer(String status, String why) throws IOException {
    byte[] text = (why + "\n").getBytes(StandardCharsets.UTF_8);
    write(
        toBox,
        "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
                .formatted(status, text.length)
            + "Connection: close\r\n\r\n");
    toBox.write(text);
  }

  private static void write(OutputStream to, String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void join(Thread upload) {
    try {
      upload.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try (box;
        Socket _ = outside.get()) {
      log.atTrace().log("connection of a box closed");
    } catch (IOException e) {
      log.atDebug().setCause(e).log("connection of a box ended");
    }
  }
}
