package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;

/// A connection over which goes what no client would send, byte by byte.
final class RawConnection implements AutoCloseable {
  private static final int DEADLINE_MS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RawConnection(URI url) {
    try {
      socket = new Socket(url.getHost(), url.getPort());
      socket.setSoTimeout(DEADLINE_MS);
      in = socket.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawConnection send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the end of the connection is a reset, as when a client crashes.
  RawConnection resettingAtTheEnd(boolean reset) {
    try {
      socket.setSoLinger(reset, 0);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next answer, of declared length.
  Answer answer() {
    try {
      return Upload.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that comes until the other side ends the connection.
  String rest() {
    try {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
