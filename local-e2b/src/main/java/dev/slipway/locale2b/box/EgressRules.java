package dev.slipway.locale2b.box;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A box's [NetworkRules], taken apart.
///
/// @param names exact, or with a leading `*`
record EgressRules(List<String> names, List<AddressBlock> allowed, List<AddressBlock> denied) {
  private static final Pattern NAME =
      Pattern.compile(
          "\\*|(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private static final Pattern ADDRESS =
      Pattern.compile("[0-9.]+(/\\d+)?|[0-9a-f:.]*:[0-9a-f:.]*(/\\d+)?");

  /// Takes rules apart.
  ///
  /// @throws IllegalArgumentException if something is neither a name nor an address or block
  static EgressRules of(List<String> allow, List<String> deny) {
    List<String> names = new ArrayList<>();
    List<AddressBlock> allowed = new ArrayList<>();
    for (String text : allow) {
      String lower = text.toLowerCase(Locale.ROOT);
      if (ADDRESS.matcher(lower).matches()) {
        allowed.add(AddressBlock.parse(lower));
      } else if (NAME.matcher(lower).matches()) {
        names.add(lower);
      } else {
        throw new IllegalArgumentException(
            "\"" + text + "\" is neither a host name nor an address nor a block of addresses");
      }
    }
    return new EgressRules(
        List.copyOf(names), List.copyOf(allowed), deny.stream().map(AddressBlock::parse).toList());
  }

  /// Whether a host, asked for by that name, may be reached at that address.
  boolean allow(String host, InetAddress address) {
    return names.stream().anyMatch(name -> matches(name, host))
        || allowed.stream().anyMatch(block -> block.contains(address))
        || denied.stream().noneMatch(block -> block.contains(address));
  }

  private static boolean matches(String name, String host) {
    return name.startsWith("*") ? host.endsWith(name.substring(1)) : host.equals(name);
  }
}
