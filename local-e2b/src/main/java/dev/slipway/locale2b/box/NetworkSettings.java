package dev.slipway.locale2b.box;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What the proxy lets any box reach, whatever the box's own rules.
///
/// @param ports of the hosts outside
/// @param allowed what may be reached though it is not out in the world for everybody: `host:port`,
///   or an address or block of addresses (at the ports above). A company's mirror, say; whatever
///   stands here can be reached by everything that runs in a box whose rules do not deny it
/// @param connections at one time from one box
/// @param idle how long nothing may move on a connection
public record NetworkSettings(
    Set<Integer> ports, List<String> allowed, int connections, Duration idle) {
  /// The web, and nothing else.
  public static final NetworkSettings DEFAULT =
      new NetworkSettings(Set.of(80, 443), List.of(), 64, Duration.ofMinutes(5));

  private static final int LARGEST_PORT = 65_535;

  public NetworkSettings {
    ports = Set.copyOf(ports);
    allowed = List.copyOf(allowed);
    if (ports.stream().anyMatch(port -> port < 1 || port > LARGEST_PORT)) {
      throw new IllegalArgumentException("ports are between 1 and 65535, not " + ports);
    }
    allowed.forEach(AllowedTarget::parse);
    if (connections < 1) {
      throw new IllegalArgumentException("a box needs at least one connection");
    }
    if (!idle.isPositive()) {
      throw new IllegalArgumentException("an idle time is positive");
    }
  }
}
