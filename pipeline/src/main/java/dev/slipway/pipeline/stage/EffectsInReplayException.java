package dev.slipway.pipeline.stage;

/// A replayed record asks for a command or an operation, which no replay writes.
final class EffectsInReplayException extends RuntimeException {
  EffectsInReplayException() {
    super(
        "a record that the stage has never applied asks for commands or operations, which no replay"
            + " writes");
  }
}
