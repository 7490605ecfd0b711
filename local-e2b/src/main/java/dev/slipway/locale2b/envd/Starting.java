package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.box.BoxException;
import dev.slipway.locale2b.box.BoxProcess;
import dev.slipway.locale2b.box.ProcessSpec;

/// Starts processes in a box, and says in the daemon's words why one does not start.
final class Starting {
  private Starting() {}

  static BoxProcess start(Box box, ProcessSpec spec) {
    try {
      return box.start(spec);
    } catch (BoxException e) {
      throw refusal(e, spec);
    }
  }

  private static RuntimeException refusal(BoxException e, ProcessSpec spec) {
    return switch (e.kind()) {
      case NO_SUCH_DIRECTORY ->
          new RpcException(
              RpcCode.INVALID_ARGUMENT, "cwd '" + spec.directory() + "' does not exist");
      case NOT_RUNNABLE ->
          new RpcException(
              RpcCode.INVALID_ARGUMENT,
              "cannot start '%s': %s".formatted(spec.command().getFirst(), e.getMessage()));
      case LIMIT -> new RpcException(RpcCode.RESOURCE_EXHAUSTED, String.valueOf(e.getMessage()));
      // paused or killed while the call was on its way
      case FROZEN, GONE, UNAVAILABLE, NOT_CREATED -> new Rpc.BrokenOffException();
    };
  }
}
