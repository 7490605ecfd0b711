package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;

/// A client of the live events that comes, reads a little or nothing, and goes: with a FIN, or with
/// an RST in the middle of things. Every other time it wants what was before it came.
///
/// @param past where the past begins, as a `Last-Event-ID`
record Visitor(Api notifier, String past, Random random) {
  private static final int MOST_BYTES = 40_000;
  private static final int MOST_STAY_MILLIS = 100;
  private static final int PATIENCE_MILLIS = 5_000;

  /// One visit.
  ///
  /// @return whether it stayed to be answered
  boolean visit() {
    try (Socket socket = new Socket()) {
      if (random.nextBoolean()) {
        socket.setSoLinger(true, 0); // RST
      }
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), notifier.base().getPort()));
      socket.setSoTimeout(random.nextInt(8) == 0 ? 1 + random.nextInt(20) : PATIENCE_MILLIS);
      socket.getOutputStream().write(request().getBytes(ISO_8859_1));
      readStatus(socket.getInputStream());
      socket.setSoTimeout(1 + random.nextInt(MOST_STAY_MILLIS));
      stay(socket.getInputStream(), random.nextInt(MOST_BYTES));
      return true;
    } catch (IOException _) {
      return false; // some leave before
    }
  }

  private String request() {
    return "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + notifier.token()
        + (random.nextBoolean() ? "\r\nLast-Event-ID: " + past : "")
        + "\r\n\r\n";
  }

  private static void readStatus(InputStream in) throws IOException {
    byte[] expected = "HTTP/1.1 200 ".getBytes(ISO_8859_1);
    byte[] status = in.readNBytes(expected.length);
    if (!Arrays.equals(status, expected)) {
      throw new AssertionError(new String(status, ISO_8859_1));
    }
  }

  private static void stay(InputStream in, int bytes) {
    try {
      in.skipNBytes(bytes);
    } catch (IOException _) {
      // nothing has come for a moment
    }
  }
}
