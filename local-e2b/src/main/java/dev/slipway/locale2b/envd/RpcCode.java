package dev.slipway.locale2b.envd;

import java.util.Locale;

/// Error codes of the Connect protocol, with the status a unary call answers them with.
enum RpcCode {
  INVALID_ARGUMENT(400),
  FAILED_PRECONDITION(400),
  UNAUTHENTICATED(401),
  PERMISSION_DENIED(403),
  NOT_FOUND(404),
  ALREADY_EXISTS(409),
  RESOURCE_EXHAUSTED(429),
  INTERNAL(500),
  UNIMPLEMENTED(501),
  DEADLINE_EXCEEDED(504);

  private final int status;

  RpcCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }

  /// As it stands in JSON.
  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
