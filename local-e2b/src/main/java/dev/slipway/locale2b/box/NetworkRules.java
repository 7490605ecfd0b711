package dev.slipway.locale2b.box;

import java.util.List;

/// What a box may reach, of what the server lets any box reach: HTTP and HTTPS, globally routable
/// addresses. As at E2B: what is allowed by name or address is allowed whatever is denied.
///
/// @param allow host names (exact, or `*.example.com` for all below it), addresses and blocks of
///   addresses such as `192.0.2.0/24`
/// @param deny addresses and blocks of addresses
public record NetworkRules(List<String> allow, List<String> deny) {
  private static final List<String> EVERYTHING = List.of("0.0.0.0/0", "::/0");

  /// Checks them.
  ///
  /// @throws IllegalArgumentException if an entry is none of that
  public NetworkRules {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
    var _ = EgressRules.of(allow, deny);
  }

  /// Nothing at all.
  public static NetworkRules off() {
    return new NetworkRules(List.of(), EVERYTHING);
  }

  /// All that the server lets boxes reach.
  public static NetworkRules on() {
    return new NetworkRules(List.of(), List.of());
  }

  /// Only what is named.
  public static NetworkRules only(List<String> allow) {
    return new NetworkRules(allow, EVERYTHING);
  }
}
