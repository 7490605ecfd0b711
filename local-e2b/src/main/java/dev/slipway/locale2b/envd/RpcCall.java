package dev.slipway.locale2b.envd;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A call of the daemon.
///
/// @param account for whom
/// @param keepalive how often a silent stream says that it lives
/// @param limit how long it may take
record RpcCall(
    Daemon daemon,
    Account account,
    JsonNode request,
    Duration keepalive,
    Optional<Duration> limit) {

  String path(String field) {
    return BoxPaths.resolve(request.path(field).asString(""), account.home());
  }
}
