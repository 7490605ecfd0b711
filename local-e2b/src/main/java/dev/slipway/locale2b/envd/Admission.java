package dev.slipway.locale2b.envd;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Secrets;
import java.time.Clock;
import java.util.Optional;

/// Finds the sandbox of a request, and lets nobody in without its token or a signature.
final class Admission {
  static final int PORT = 49_983;

  private static final String ID_HEADER = "E2b-Sandbox-Id";
  private static final String PORT_HEADER = "E2b-Sandbox-Port";
  private static final String TOKEN_HEADER = "X-Access-Token";

  private final Daemons daemons;
  private final Clock clock;

  Admission(Daemons daemons, Clock clock) {
    this.daemons = daemons;
    this.clock = clock;
  }

  static RefusedException gone(String sandboxId) {
    return new RefusedException(502, "The sandbox was not found").saying("sandboxId", sandboxId);
  }

  /// The sandbox of a request, whoever sent it.
  Daemon addressed(Exchange exchange) {
    Optional<String> id = exchange.header(ID_HEADER);
    Optional<String> port = exchange.header(PORT_HEADER);
    if (id.isPresent() != port.isPresent()) {
      throw new RefusedException(400, "missing header");
    }
    SandboxAddress address =
        id.map(name -> SandboxAddress.of(name, port.orElse("")))
            .or(() -> SandboxAddress.ofHost(exchange.host()))
            .orElseThrow(() -> new RefusedException(400, "missing header"));
    Daemon daemon = daemons.awake(address.id());
    if (address.port() != PORT) {
      throw new RefusedException(502, "The sandbox is running but port is not open")
          .saying("sandboxId", address.id())
          .saying("port", address.port());
    }
    return daemon;
  }

  /// The sandbox of a request that has its token.
  Daemon admitted(Exchange exchange) {
    Daemon daemon = addressed(exchange);
    if (!Secrets.matches(daemon.token(), exchange.header(TOKEN_HEADER))) {
      throw unauthorized("the access token is missing or wrong");
    }
    return daemon;
  }

  /// The sandbox of a request for a file, which may be signed instead.
  ///
  /// @param operation `read` or `write`
  Daemon admittedToFile(Exchange exchange, String operation) {
    Optional<String> signature = exchange.query("signature");
    if (exchange.header(TOKEN_HEADER).isPresent() || signature.isEmpty()) {
      return admitted(exchange);
    }
    Optional<String> expiration = exchange.query("signature_expiration");
    Daemon daemon =
        isAddressed(exchange)
            ? addressed(exchange)
            : daemons.running().stream()
                .filter(one -> isSigned(exchange, one, operation, expiration))
                .findFirst()
                .orElseThrow(() -> unauthorized("invalid signature"));
    if (!isSigned(exchange, daemon, operation, expiration)) {
      throw unauthorized("invalid signature");
    }
    if (expiration.isPresent() && isOver(expiration.get())) {
      throw unauthorized("signature is already expired");
    }
    return daemon;
  }

  private static boolean isAddressed(Exchange exchange) {
    return exchange.header(ID_HEADER).isPresent()
        || SandboxAddress.ofHost(exchange.host()).isPresent();
  }

  private static boolean isSigned(
      Exchange exchange, Daemon daemon, String operation, Optional<String> expiration) {
    return Secrets.matches(
        Signatures.of(
            exchange.query("path").orElse(""),
            operation,
            exchange.query("username").orElse(""),
            daemon.token(),
            expiration),
        exchange.query("signature"));
  }

  private boolean isOver(String expiration) {
    try {
      return Long.parseLong(expiration) < clock.instant().getEpochSecond();
    } catch (NumberFormatException _) {
      return true;
    }
  }

  private static RefusedException unauthorized(String why) {
    return new RefusedException(401, "unauthorized access, " + why);
  }
}
