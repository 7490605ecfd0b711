package dev.slipway.locale2b.box;

import java.net.InetAddress;

/// A block of addresses such as `192.0.2.0/24`; a single address is one too.
///
/// @param first any address in it
/// @param prefix how many leading bits all of them have in common
record AddressBlock(InetAddress first, int prefix) {
  AddressBlock {
    if (prefix < 0 || prefix > first.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("no block of addresses has " + prefix + " leading bits");
    }
  }

  /// Takes one apart.
  ///
  /// @throws IllegalArgumentException if it is no address and no block; names are not looked up
  static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    return new AddressBlock(
        address,
        slash < 0
            ? address.getAddress().length * Byte.SIZE
            : Integer.parseInt(text.substring(slash + 1)));
  }

  boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = prefix / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != other[i]) {
        return false;
      }
    }
    int rest = prefix % Byte.SIZE;
    return rest == 0 || ((mine[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
  }
}
