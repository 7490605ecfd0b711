package dev.slipway.localserver;

import java.util.Optional;
import java.util.regex.Pattern;

/// Where a server listens.
///
/// @param port 0 for any free one
/// @param host name that others reach it by: then it listens on every address of the machine, which
///   is for a container of its own; empty for this machine alone
public record Place(int port, Optional<String> host) {
  private static final int HIGHEST_PORT = 65_535;
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");

  public Place {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
    if (host.isPresent() && !HOST.matcher(host.get()).matches()) {
      throw new IllegalArgumentException("a host is a name of letters, digits, '.' and '-'");
    }
  }

  /// On this machine alone.
  public static Place local(int port) {
    return new Place(port, Optional.empty());
  }
}
