package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Operation;
import java.time.Duration;
import java.util.Optional;

/// How operations become rows.
public interface OperationCodec<O extends Operation> {
  /// What kind of call it is, such as `create_sandbox`.
  String kind(O operation);

  /// What the worker must know, as a JSON object without secrets.
  String encode(O operation);

  /// Whether it waits for earlier ones of its aggregate, and later ones for it. One that is not
  /// ordered overtakes them.
  default boolean isOrdered(O operation) {
    return false;
  }

  /// How long after it was asked for it is no longer begun or tried again; empty when it is tried
  /// until it succeeds.
  default Optional<Duration> patience(O operation) {
    return Optional.empty();
  }
}
