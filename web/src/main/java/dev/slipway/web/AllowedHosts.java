package dev.slipway.web;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names that a request may be for, on any port. Others would let a page on a foreign name that
/// somebody points at this address talk to it (DNS rebinding).
final class AllowedHosts {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?");

  /// A request target in absolute form; the rest is path and query.
  private static final Pattern ABSOLUTE =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)([/?].*)?");

  private final Set<String> names;

  AllowedHosts(List<String> configured) {
    Set<String> all = new HashSet<>(LOOPBACK);
    configured.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
    this.names = Set.copyOf(all);
  }

  /// Whether a request is for one of them.
  ///
  /// @param target as the request line has it
  /// @param hosts values of `Host`: one, and that of the target where it names one too (RFC 9112
  ///   §3.2.2 would let the target win, which nobody needs who means the same). HTTP/1.0 knows no
  ///   `Host`, and no browser speaks it
  boolean allow(String target, List<String> hosts, boolean isHttp10) {
    @Nullable String authority = target.startsWith("/") ? null : authority(target);
    if (hosts.isEmpty() && isHttp10) {
      return authority == null || isAllowed(authority);
    }
    return hosts.size() == 1
        && isAllowed(hosts.getFirst())
        && (authority == null || authority.equalsIgnoreCase(hosts.getFirst()));
  }

  /// Path of a request target, without query and as it is written; empty when it has none.
  static String pathOf(String target) {
    int begin = 0;
    if (!target.startsWith("/")) {
      Matcher absolute = ABSOLUTE.matcher(target);
      begin = absolute.matches() ? absolute.end(1) : target.length();
    }
    int query = target.indexOf('?', begin);
    return target.substring(begin, query < 0 ? target.length() : query);
  }

  /// Null when the target is not in absolute form, as `*`.
  private static @Nullable String authority(String target) {
    Matcher absolute = ABSOLUTE.matcher(target);
    return absolute.matches() ? absolute.group(1) : null;
  }

  private boolean isAllowed(String authority) {
    Matcher host = HOST.matcher(authority);
    return host.matches() && names.contains(host.group(1).toLowerCase(Locale.ROOT));
  }
}
