package dev.slipway.locale2b.envd;

import java.util.Map;

/// A call that fails with a code of the Connect protocol.
final class RpcException extends RuntimeException {
  private final RpcCode code;

  RpcException(RpcCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  RpcCode code() {
    return code;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  Map<String, Object> json() {
    return Map.of("code", code.wire(), "message", text());
  }
}
