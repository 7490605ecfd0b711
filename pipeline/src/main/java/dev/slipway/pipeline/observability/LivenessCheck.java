package dev.slipway.pipeline.observability;

/// Something without which the process must be started anew. Services contribute them as beans;
/// `/healthz` asks all of them.
public interface LivenessCheck {

  /// Whether it can go on in this process. Once `false`, always `false`. Must not block.
  boolean isAlive();
}
