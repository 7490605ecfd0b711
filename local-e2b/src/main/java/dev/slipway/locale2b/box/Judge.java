package dev.slipway.locale2b.box;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Says where a box may connect to. A name is resolved once, here, and the answer holds the very
/// addresses that were judged, so that a name that changes in between gains nothing.
final class Judge {
  private final Resolver resolver;
  private final Set<Integer> ports;
  private final List<AllowedTarget> exceptions;

  Judge(Resolver resolver, NetworkSettings settings) {
    this.resolver = resolver;
    this.ports = settings.ports();
    this.exceptions = settings.allowed().stream().map(AllowedTarget::parse).toList();
  }

  /// The answer: somewhere, or nowhere and why.
  sealed interface Verdict {
    /// Somewhere.
    ///
    /// @param addresses in the order in which to try them; never empty
    record Allowed(List<InetSocketAddress> addresses) implements Verdict {}

    record Refused(String why) implements Verdict {}

    record Unknown(String why) implements Verdict {}
  }

  /// @param host lower case, without brackets or a dot at the end
  Verdict judge(EgressRules rules, String host, int port) {
    List<InetAddress> resolved = resolver.resolve(host);
    if (resolved.isEmpty()) {
      return new Verdict.Unknown("there is no host " + host);
    }
    List<InetAddress> permitted =
        resolved.stream().filter(address -> rules.allow(host, address)).toList();
    if (permitted.isEmpty()) {
      return new Verdict.Refused(host + " is not among what this sandbox may reach");
    }
    List<InetSocketAddress> reachable =
        permitted.stream()
            .filter(address -> isExcepted(host, address, port) || isOutside(address, port))
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    return reachable.isEmpty()
        ? new Verdict.Refused(why(host, port))
        : new Verdict.Allowed(reachable);
  }

  private String why(String host, int port) {
    return ports.contains(port)
        ? host + " is not a public address, and sandboxes reach no others"
        : "port "
            + port
            + " is not among those that sandboxes may reach: "
            + ports.stream().sorted().toList();
  }

  private boolean isExcepted(String host, InetAddress address, int port) {
    return exceptions.stream()
        .anyMatch(exception ->
            exception.includes(host, address, port)
                && (exception instanceof AllowedTarget.Endpoint || ports.contains(port)));
  }

  private boolean isOutside(InetAddress address, int port) {
    return ports.contains(port) && Routability.isGlobal(address) && !isOurs(address);
  }

  private static boolean isOurs(InetAddress address) {
    try {
      // without the scope, which an address from outside never has
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(own -> Arrays.equals(own.getAddress(), address.getAddress()));
    } catch (SocketException _) {
      return true; // what we cannot rule out is not reached
    }
  }
}
