package dev.slipway.ingress.delivery;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/// A range of IP addresses in CIDR notation, such as `192.30.252.0/22` or `2a0a:a440::/29`.
final class Network {
  private final byte[] address;
  private final int prefixBits;

  private Network(byte[] address, int prefixBits) {
    this.address = address;
    this.prefixBits = prefixBits;
  }

  /// Empty when the text is no network; an address alone is a network of one.
  static Optional<Network> parse(String text) {
    int slash = text.indexOf('/');
    try {
      byte[] address =
          InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      int widest = address.length * Byte.SIZE;
      int prefix = slash < 0 ? widest : Integer.parseInt(text, slash + 1, text.length(), 10);
      return prefix < 0 || prefix > widest
          ? Optional.empty()
          : Optional.of(new Network(address, prefix));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  boolean contains(InetAddress candidate) {
    byte[] other = candidate.getAddress();
    int whole = prefixBits / Byte.SIZE;
    if (other.length != address.length || !Arrays.equals(address, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = prefixBits % Byte.SIZE;
    return rest == 0 || (address[whole] ^ other[whole]) >> (Byte.SIZE - rest) == 0;
  }
}
