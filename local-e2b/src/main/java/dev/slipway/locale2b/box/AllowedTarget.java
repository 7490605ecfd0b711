package dev.slipway.locale2b.box;

import java.net.InetAddress;
import java.util.Locale;

/// Something that boxes may reach though it is not globally routable.
sealed interface AllowedTarget {
  boolean includes(String host, InetAddress address, int port);

  /// One port of one host, by the name or address that it is asked for by.
  record Endpoint(String host, int port) implements AllowedTarget {
    @Override
    public boolean includes(String asked, InetAddress address, int askedPort) {
      return port == askedPort && host.equals(asked);
    }
  }

  /// Addresses, at whatever ports may be reached at all.
  record Block(AddressBlock addresses) implements AllowedTarget {
    @Override
    public boolean includes(String asked, InetAddress address, int askedPort) {
      return addresses.contains(address);
    }
  }

  /// Takes either apart.
  ///
  /// @throws IllegalArgumentException if it is neither
  static AllowedTarget parse(String text) {
    int colon = text.lastIndexOf(':');
    boolean endpoint = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    if (!endpoint) {
      return new Block(AddressBlock.parse(text));
    }
    String host = text.substring(0, colon).replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
  }
}
