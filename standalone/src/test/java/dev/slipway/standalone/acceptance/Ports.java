package dev.slipway.standalone.acceptance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports of the loopback interface.
final class Ports {
  private static final int ROW = 7;

  private Ports() {}

  /// The first of seven free ports in a row, below the range from which the kernel takes the ports
  /// of outgoing connections.
  static int row() {
    for (int attempt = 0; attempt < 200; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(10_000, 30_000);
      if (rowIsFree(first)) {
        return first;
      }
    }
    throw new IllegalStateException("no " + ROW + " free ports in a row");
  }

  /// One free port.
  static int one() {
    return row();
  }

  /// Whether somebody listens there.
  static boolean taken(int port) {
    return !isFree(port);
  }

  private static boolean rowIsFree(int first) {
    for (int port = first; port < first + ROW; port++) {
      if (!isFree(port)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
