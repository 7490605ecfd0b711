package dev.slipway.benchmarks.hub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Posts to a server over one connection that stays: all at once, then all answers.
final class HttpIngest implements AutoCloseable {
  private static final String ANSWER = "HTTP/1.1 ";
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final String host;

  HttpIngest(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.host = "localhost:" + port;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /// Posts each in order.
  ///
  /// @throws IOException also when an answer is no success
  void post(String path, List<byte[]> bodies) throws IOException {
    for (byte[] body : bodies) {
      String head =
          "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, host, body.length);
      byte[] bytes = new byte[head.length() + body.length];
      System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, head.length());
      System.arraycopy(body, 0, bytes, head.length(), body.length);
      socket.getOutputStream().write(bytes);
    }
    InputStream in = socket.getInputStream();
    for (int answers = 0; answers < bodies.size(); answers++) {
      skipTo(in, ANSWER);
      if (in.read() != '2') {
        throw new IOException(path + " was refused");
      }
    }
  }

  private static void skipTo(InputStream in, String text) throws IOException {
    int matched = 0;
    while (matched < text.length()) {
      int read = in.read();
      if (read < 0) {
        throw new EOFException("the server has closed the connection");
      }
      // no beginning of the text stands inside of it
      matched = read == text.charAt(matched) ? matched + 1 : read == text.charAt(0) ? 1 : 0;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
