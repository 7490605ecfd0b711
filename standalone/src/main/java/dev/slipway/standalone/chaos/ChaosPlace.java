package dev.slipway.standalone.chaos;

import dev.slipway.standalone.directory.TakenException;
import dev.slipway.standalone.parts.Ports;
import dev.slipway.standalone.parts.Servers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/// Where an installation is.
///
/// @param data its data directory
/// @param logs an absolute folder, where what its processes print is kept
/// @param ports the seven in a row
public record ChaosPlace(Path data, Path logs, Ports ports) {
  private static final int SEVEN = 7;
  private static final int ROW = SEVEN + 6;
  private static final int LOWEST = 10_000;

  /// Above it the system takes the ports of outgoing connections.
  private static final int HIGHEST = 30_000;

  private static final int ATTEMPTS = 200;

  /// A row of ports on which nobody listens.
  public static Ports freePorts() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(first)) {
        return new Ports(first);
      }
    }
    throw new TakenException("there are no %d free ports in a row".formatted(ROW));
  }

  private static boolean isFree(int first) {
    Map<String, Integer> row = new HashMap<>();
    for (int n = 0; n < ROW; n++) {
      row.put("port " + n, first + n);
    }
    try {
      Servers.requireFree(row);
      return true;
    } catch (TakenException _) {
      return false;
    }
  }

  /// The first port of its services, which follow the seven.
  int services() {
    return ports.first() + SEVEN;
  }
}
