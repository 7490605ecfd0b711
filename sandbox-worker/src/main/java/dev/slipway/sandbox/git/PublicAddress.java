package dev.slipway.sandbox.git;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/// Whether an address is one that everybody can reach: pure. What is for special purposes is not,
/// nor what translates into such, by IANA's registries of special-purpose addresses.
final class PublicAddress {
  private static final List<Block> SPECIAL =
      List.of(
          Block.v4(0, 0, 0, 0, 8),
          Block.v4(10, 0, 0, 0, 8),
          Block.v4(100, 64, 0, 0, 10),
          Block.v4(127, 0, 0, 0, 8),
          Block.v4(169, 254, 0, 0, 16),
          Block.v4(172, 16, 0, 0, 12),
          Block.v4(192, 0, 0, 0, 24),
          Block.v4(192, 0, 2, 0, 24),
          Block.v4(192, 88, 99, 0, 24),
          Block.v4(192, 168, 0, 0, 16),
          Block.v4(198, 18, 0, 0, 15),
          Block.v4(198, 51, 100, 0, 24),
          Block.v4(203, 0, 113, 0, 24),
          Block.v4(224, 0, 0, 0, 3));

  /// All that is given out to be reached: the rest of IPv6 is not, or for special purposes.
  private static final int UNICAST_V6 = 0x20;

  private PublicAddress() {}

  private record Block(int prefix, int bits) {
    static Block v4(int a, int b, int c, int d, int bits) {
      return new Block((a << 24) | (b << 16) | (c << 8) | d, bits);
    }

    boolean holds(int address) {
      return (address ^ prefix) >>> (32 - bits) == 0;
    }
  }

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    int first = (Byte.toUnsignedInt(bytes[0]) << 8) | Byte.toUnsignedInt(bytes[1]);
    int second = (Byte.toUnsignedInt(bytes[2]) << 8) | Byte.toUnsignedInt(bytes[3]);
    if (!(address instanceof Inet6Address)) {
      int number = (first << 16) | second;
      return SPECIAL.stream().noneMatch(block -> block.holds(number));
    }
    boolean isUnicast = (bytes[0] & 0xe0) == UNICAST_V6;
    // Teredo, ORCHID, benchmarks and their like; documentation; 6to4, which leads to any IPv4
    boolean isSpecial =
        switch (first) {
          case 0x2001 -> second < 0x0200 || second == 0x0db8;
          case 0x2002, 0x3fff -> true;
          default -> false;
        };
    return isUnicast && !isSpecial;
  }
}
