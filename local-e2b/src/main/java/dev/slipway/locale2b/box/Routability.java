package dev.slipway.locale2b.box;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Which addresses are out in the world for everybody: those that IANA's registries of
/// special-purpose addresses (RFC 6890 and what came after) call globally reachable, and not the
/// rest. An IPv6 address that only carries an IPv4 one to a translator or tunnel is judged by that.
final class Routability {
  private static final List<AddressBlock> NOT_GLOBAL =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // protocol assignments, Teredo's tunnels among them
          "2001::/23",
          "2001:db8::/32",
          "3fff::/20");

  /// Of IPv6, only this is given out as globally routable.
  private static final AddressBlock GLOBAL_UNICAST = AddressBlock.parse("2000::/3");

  /// 6to4: the IPv4 address follows.
  private static final AddressBlock SIX_TO_FOUR = AddressBlock.parse("2002::/16");

  /// NAT64 (RFC 6052) and the translated form of RFC 2765; the IPv4 address is at the end.
  private static final List<AddressBlock> TRANSLATED = blocks("64:ff9b::/96", "::ffff:0:0:0/96");

  /// ISATAP's interface identifiers (RFC 5214), with the IPv4 address behind.
  private static final byte[] ISATAP = {0, 0, 0x5e, (byte) 0xfe};

  private static final int IPV4_BYTES = 4;

  private Routability() {}

  private static List<AddressBlock> blocks(String... texts) {
    return Arrays.stream(texts).map(AddressBlock::parse).toList();
  }

  static boolean isGlobal(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == IPV4_BYTES) {
      return isNotSpecial(address);
    }
    if (isMapped(bytes) || TRANSLATED.stream().anyMatch(block -> block.contains(address))) {
      return isGlobal(embedded(bytes, bytes.length - IPV4_BYTES));
    }
    if (SIX_TO_FOUR.contains(address)) {
      return isGlobal(embedded(bytes, 2));
    }
    if (isIsatap(bytes) && !isGlobal(embedded(bytes, bytes.length - IPV4_BYTES))) {
      return false;
    }
    return GLOBAL_UNICAST.contains(address) && isNotSpecial(address);
  }

  private static boolean isNotSpecial(InetAddress address) {
    return NOT_GLOBAL.stream().noneMatch(block -> block.contains(address));
  }

  /// Java turns these into IPv4 addresses itself, wherever it makes addresses today.
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  private static boolean isIsatap(byte[] bytes) {
    // the two lowest bits of the first byte say how unique the IPv4 address is
    return (bytes[8] & 0xfc) == 0 && Arrays.equals(bytes, 9, 12, ISATAP, 1, IPV4_BYTES);
  }

  private static InetAddress embedded(byte[] bytes, int at) {
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, at, at + IPV4_BYTES));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
