package dev.slipway.pipeline.operation;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Has operations made, each on the thread that calls, and sees to it that what came of them is
/// told.
final class Performer<I> {
  private static final Logger log = LoggerFactory.getLogger(Performer.class);
  private static final int MOST_DOUBLINGS = 20;

  private final String stage;
  private final Act<I> act;
  private final WorkerProperties properties;
  private final Clock clock;
  private volatile boolean dead;

  Performer(String stage, Act<I> act, WorkerProperties properties, Clock clock) {
    this.stage = stage;
    this.act = act;
    this.properties = properties;
    this.clock = clock;
  }

  /// Whether an [Error] ended an act: what it has left behind in this process cannot be trusted.
  boolean isDead() {
    return dead;
  }

  void perform(OperationDoor<I> door, Lease<I> lease) {
    try {
      tell(door, lease, outcome(lease));
    } catch (InterruptedException | InterruptException _) {
      var _ = Thread.interrupted(); // to be left at once takes one more statement
      leave(door, lease);
    } catch (Error e) {
      dead = true;
      line(lease, log.atError())
          .setCause(e)
          .log("operation ended by an error: restart the process");
    }
  }

  private Outcome<I> outcome(Lease<I> lease) throws InterruptedException {
    try {
      return act.act(lease.operation(), lease);
    } catch (RetryableException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("in the middle of a call");
      }
      return new Outcome.Later<>(
          new Failure("unavailable", String.valueOf(e.getMessage()), true), e.retryAfter());
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("in the middle of a call");
      }
      line(lease, log.atError()).setCause(e).log("operation failed by a fault of ours");
      return new Outcome.Failed<>(
          new Failure("internal", "It failed by a fault of ours: the log says more.", false),
          null,
          null);
    }
  }

  /// As often as it takes, for as long as the operation is ours.
  private void tell(OperationDoor<I> door, Lease<I> lease, Outcome<I> outcome)
      throws InterruptedException {
    var backoff = new Backoff(properties.minBackoff(), properties.heartbeat());
    while (lease.isHeld()) {
      try {
        if (!told(door, lease, outcome)) {
          line(lease, log.atInfo()).log("the outcome of an operation came too late");
        }
        return;
      } catch (RetryableException e) {
        lease.rest(backoff.next(e));
      }
    }
  }

  private boolean told(OperationDoor<I> door, Lease<I> lease, Outcome<I> outcome) {
    LeasedOperation operation = lease.operation();
    return switch (outcome) {
      case Outcome.Succeeded<I>(I input, var result) ->
          join(door.succeeded(operation, input, result, lease.lastNote()));
      case Outcome.Failed<I>(var failure, var input, var result) ->
          join(door.failed(operation, failure, input, result, lease.lastNote()));
      case Outcome.Cancelled<I>(I input, var result) ->
          join(door.cancelled(operation, input, result, lease.lastNote()));
      case Outcome.Later<I>(var failure, var after) -> later(door, lease, failure, after);
    };
  }

  private boolean later(OperationDoor<I> door, Lease<I> lease, Failure failure, Duration atLeast) {
    LeasedOperation operation = lease.operation();
    Duration pause = pause(operation.tries(), atLeast);
    Instant due = operation.dueAt();
    if (due != null && clock.instant().plus(pause).isAfter(due)) {
      return join(door.failed(operation, failure, null, null, lease.lastNote()));
    }
    line(lease, log.atWarn())
        .addKeyValue("code", failure.code())
        .addKeyValue("duration_ms", pause.toMillis())
        .log("operation is tried again");
    return door.giveBack(operation, lease.lastNote(), pause);
  }

  private Duration pause(int tries, Duration atLeast) {
    long longest = properties.maxBackoff().toMillis();
    long millis =
        Math.min(longest, properties.minBackoff().toMillis() << Math.min(tries, MOST_DOUBLINGS));
    long jittered = millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    return Duration.ofMillis(Math.max(jittered, atLeast.toMillis()));
  }

  /// Whoever takes it next goes on.
  private void leave(OperationDoor<I> door, Lease<I> lease) {
    if (!lease.isHeld()) {
      return;
    }
    try {
      var _ = door.giveBack(lease.operation(), lease.lastNote(), null);
    } catch (RetryableException e) {
      line(lease, log.atWarn()).setCause(e).log("operation is left until its lease lapses");
    }
  }

  private static boolean join(CompletableFuture<Boolean> accepted) {
    try {
      return accepted.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private LoggingEventBuilder line(Lease<I> lease, LoggingEventBuilder event) {
    LeasedOperation operation = lease.operation();
    return event
        .addKeyValue("stage", stage)
        .addKeyValue("operation_id", operation.id())
        .addKeyValue("kind", operation.kind())
        .addKeyValue("attempt", operation.epoch());
  }
}
