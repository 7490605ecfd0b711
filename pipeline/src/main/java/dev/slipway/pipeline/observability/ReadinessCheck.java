package dev.slipway.pipeline.observability;

import reactor.core.publisher.Mono;

/// One thing that a service needs before it can do its work. Services contribute them as beans;
/// `/readyz` asks all of them.
public interface ReadinessCheck {

  /// What it is about. Of several checks of one part, all must be up.
  Part part();

  /// Whether the part answers as it should. `false`, an error, nothing, and no answer within two
  /// seconds all mean that it does not. Must not block.
  Mono<Boolean> isUp();

  /// The keys of `/readyz`.
  enum Part {
    KAFKA,
    REGISTRY,
    DATABASE,
    STAGES
  }
}
