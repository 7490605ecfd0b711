package dev.slipway.ingress.delivery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// A client that sends byte by byte what it is told, and no more.
final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;

  RawConnection(URI ingress) {
    try {
      socket = new Socket(ingress.getHost(), ingress.getPort());
      socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
      out = socket.getOutputStream();
      in = socket.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawConnection head(String... headers) {
    return send(
        ("POST /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + String.join("\r\n", headers)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  RawConnection send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads one answer: its status line, headers and body, as text.
  String answer() {
    try {
      String head = head();
      int length =
          head.lines()
              .map(line -> line.toLowerCase(Locale.ROOT))
              .filter(line -> line.startsWith("content-length:"))
              .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
              .findFirst()
              .orElse(0);
      return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String head() throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return bytes.toString(StandardCharsets.US_ASCII) + "<closed>";
      }
      bytes.write(b);
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  /// Whether the server has closed the connection, or does so within the time limit.
  boolean closed() {
    try {
      return in.read() < 0;
    } catch (IOException _) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
