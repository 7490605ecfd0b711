package dev.slipway.sandbox.sandbox;

import java.util.List;

/// What a sandbox may reach.
///
/// @param hosts host names in lower case, for [Mode#HOSTS] alone
public record Network(Mode mode, List<String> hosts) {
  public static final Network ON = new Network(Mode.ON, List.of());
  public static final Network OFF = new Network(Mode.OFF, List.of());

  public Network {
    hosts = List.copyOf(hosts);
  }

  /// These hosts and nothing else.
  public static Network of(List<String> hosts) {
    return new Network(Mode.HOSTS, hosts);
  }

  /// How much it may reach.
  public enum Mode {
    /// All that its provider lets it.
    ON,
    /// Nothing.
    OFF,
    /// Some hosts.
    HOSTS
  }
}
