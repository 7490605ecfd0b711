package dev.slipway.notifier.hub;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A client of server-sent events on a plain socket: reads when it is told to, and no more.
final class SseClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Socket socket;
  private final InputStream in;
  private final int status;
  private final Map<String, String> headers = new TreeMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long chunkLeft;
  private boolean ended;

  /// One frame; a comment has none but `comment`.
  record Frame(String event, String id, String data, String comment) {
    boolean isEvent() {
      return event.isEmpty() && !data.isEmpty();
    }
  }

  private SseClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    this.status =
        Integer.parseInt(headLine().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    for (String header = headLine(); !header.isEmpty(); header = headLine()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
  }

  static SseClient connect(int port, String token, String query, String lastEventId) {
    return connect(port, token, query, lastEventId, 0);
  }

  /// @param receiveBytes of the socket's buffer; 0 for the default
  static SseClient connect(
      int port, String token, String query, String lastEventId, int receiveBytes) {
    Socket socket = new Socket();
    try {
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.setTcpNoDelay(true);
      String request =
          "GET /api/v1/events"
              + (query.isEmpty() ? "" : "?" + query)
              + " HTTP/1.1\r\nHost: localhost\r\n"
              + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
              + (lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n")
              + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new SseClient(socket);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Asks for a stream and resets the connection a moment later, whatever has come by then.
  static void leave(int port, String token, long nanos) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoLinger(true, 0);
      String request =
          "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + token
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      LockSupport.parkNanos(nanos);
    }
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /// The whole body of an answer that is no stream.
  String body() {
    try {
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The next frame, comments included; null when the stream has ended.
  @Nullable Frame next() throws IOException {
    String event = "";
    String id = "";
    String data = "";
    while (true) {
      String text = bodyLine();
      if (text == null) {
        return null;
      }
      if (text.startsWith(":")) {
        bodyLine();
        return new Frame("", "", "", text.substring(1).strip());
      } else if (text.isEmpty()) {
        return new Frame(event, id, data, "");
      } else if (text.startsWith("event: ")) {
        event = text.substring(7);
      } else if (text.startsWith("id: ")) {
        id = text.substring(4);
      } else if (text.startsWith("data: ")) {
        data = text.substring(6);
      } else {
        throw new IllegalStateException("no field of ours: " + text);
      }
    }
  }

  /// The next frame that is no comment. Fails when the stream ends.
  Frame frame() {
    try {
      while (true) {
        Frame frame = next();
        if (frame == null) {
          throw new IllegalStateException("the stream ended");
        }
        if (frame.comment().isEmpty()) {
          return frame;
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The next event, past cursors and signs of life.
  Frame event() {
    while (true) {
      Frame frame = frame();
      if (frame.isEvent()) {
        return frame;
      }
    }
  }

  /// The `data` member of the next events.
  List<String> events(int count) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      found.add(dataOf(event()));
    }
    return found;
  }

  /// What a test gave as data of a note.
  static String dataOf(Frame frame) {
    String mark = "\"data\":";
    int at = frame.data().lastIndexOf(mark);
    return frame.data().substring(at + mark.length(), frame.data().length() - 1);
  }

  /// Reads to the end of the stream; false when it does not end in time.
  boolean ends() {
    try {
      while (next() != null) {
        // on to the end
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private String headLine() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed");
      }
      if (b != '\r') {
        text.write(b);
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private @Nullable String bodyLine() throws IOException {
    line.reset();
    while (true) {
      int b = bodyByte();
      if (b < 0) {
        return null;
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(b);
    }
  }

  private int bodyByte() throws IOException {
    if (ended) {
      return -1;
    }
    if (chunkLeft == 0) {
      String size = headLine();
      chunkLeft = Long.parseLong(size, 16);
      if (chunkLeft == 0) {
        ended = true;
        return -1;
      }
    }
    int b = in.read();
    if (b < 0) {
      throw new IOException("cut off");
    }
    chunkLeft--;
    if (chunkLeft == 0) {
      headLine();
    }
    return b;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
