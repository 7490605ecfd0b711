package dev.slipway.locale2b.box;

import java.net.InetAddress;
import java.util.List;

/// Finds the addresses of a host.
@FunctionalInterface
interface Resolver {
  /// None when it has none, or when nobody could say in time.
  List<InetAddress> resolve(String host);
}
