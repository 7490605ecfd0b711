package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How one thread of a stage is doing, told by itself.
final class Condition {
  private static final Logger log = LoggerFactory.getLogger(Condition.class);

  private final String stage;
  private final InstantSource clock;
  private volatile State state;

  Condition(String stage, InstantSource clock) {
    this.stage = stage;
    this.clock = clock;
    this.state = new State(StageHealth.STARTING, clock.instant());
  }

  private record State(StageHealth health, Instant since) {}

  StageHealth health() {
    return state.health;
  }

  /// How long it has been so.
  Duration lasting() {
    return Duration.between(state.since, clock.instant());
  }

  void is(StageHealth health) {
    if (state.health != health) {
      state = new State(health, clock.instant());
    }
  }

  /// Something is away; told of once.
  void waits(RetryableException failure) {
    if (state.health != StageHealth.WAITING) {
      is(StageHealth.WAITING);
      log.atWarn().addKeyValue("stage", stage).setCause(failure).log("stage waits");
    }
  }

  /// What was away is back.
  void goesOn() {
    if (state.health == StageHealth.WAITING) {
      is(StageHealth.RUNNING);
      log.atInfo().addKeyValue("stage", stage).log("stage goes on");
    }
  }
}
