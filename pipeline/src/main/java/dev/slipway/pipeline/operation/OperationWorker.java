package dev.slipway.pipeline.operation;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// Makes the operations of a stage in this process: takes them, keeps their leases, and has each
/// made on a virtual thread of its own.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | killed or paused for longer than a lease | another takes the operation, looks for what was done, and goes on; a word of the old one counts no more |
/// | the database away | leases lapse by our own clock, and what is at hand is put down |
/// | the outside away | tried again, backing off, until the operation is overdue |
/// | a bug | the operation ends as failed (`internal`) |
/// | an [Error] in an act | that act is over, the process is no longer alive |
public final class OperationWorker<I> implements SmartLifecycle, LivenessCheck {
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(4);

  private final StageRunner<?, I, ?> stage;
  private final String name;
  private final WorkerProperties properties;
  private final Performer<I> performer;
  private final StoppableThread thread;
  private final StoppableThread watch;
  private final Map<UUID, Performance<I>> running = new ConcurrentHashMap<>();
  private volatile boolean draining;

  // CONFINED: to the worker's thread
  private final Backoff backoff;
  private long nextBeat = System.nanoTime();

  /// @param name of this process, for people
  public OperationWorker(
      StageRunner<?, I, ?> stage,
      String name,
      Act<I> act,
      WorkerProperties properties,
      Clock clock) {
    this.stage = stage;
    this.name = name;
    this.properties = properties;
    this.performer = new Performer<>(stage.name(), act, properties, clock);
    this.backoff = new Backoff(properties.minBackoff(), properties.heartbeat());
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage.name() + "-worker"),
            this::turn,
            properties.heartbeat(),
            this::wake);
    this.watch =
        new StoppableThread(
            Thread.ofVirtual().name(stage.name() + "-leases"), this::watch, properties.heartbeat());
  }

  private void wake() {
    stage.operations().ifPresent(door -> door.wakeup().give());
  }

  /// One operation that is being made.
  private record Performance<I>(Lease<I> lease, Thread thread) {}

  private void turn() {
    OperationDoor<I> door = stage.operations().orElse(null);
    if (door == null) {
      thread.rest(properties.look());
      return;
    }
    try {
      beat(door);
      if (!draining) {
        take(door);
      }
      backoff.reset();
      door.wakeup().await(patience());
    } catch (RetryableException e) {
      thread.rest(backoff.next(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      thread.beginStop();
    }
  }

  private Duration patience() {
    if (running.isEmpty()) {
      return properties.look();
    }
    Duration untilBeat = Duration.ofNanos(Math.max(1, nextBeat - System.nanoTime()));
    return untilBeat.compareTo(properties.look()) < 0 ? untilBeat : properties.look();
  }

  /// Keeps the leases, when it is time; what is no longer wanted is told so at once.
  private void beat(OperationDoor<I> door) {
    for (UUID cancelled : door.takeCancelled()) {
      Performance<I> one = running.get(cancelled);
      if (one != null) {
        one.lease.cancel();
      }
    }
    if (running.isEmpty() || System.nanoTime() - nextBeat < 0) {
      return;
    }
    var notes = new HashMap<LeasedOperation, @Nullable String>();
    Map<UUID, Performance<I>> asked = Map.copyOf(running);
    asked.values().forEach(one -> notes.put(one.lease.operation(), one.lease.takeNote()));
    long now = System.nanoTime();
    Map<UUID, Boolean> kept = door.keep(notes, properties.lease());
    nextBeat = now + properties.heartbeat().toNanos();
    asked.forEach((id, one) -> {
      Boolean cancelled = kept.get(id);
      if (cancelled != null) {
        one.lease.kept(now + properties.lease().toNanos(), cancelled);
      } else if (one.equals(running.get(id))) {
        putDown(one);
      }
    });
  }

  /// A database that says nothing holds up the thread that asks it, but not this one.
  private void watch() {
    watch.rest(properties.heartbeat());
    running.values().stream().filter(one -> !one.lease.isHeld()).forEach(this::putDown);
  }

  private void putDown(Performance<I> one) {
    one.lease.lose();
    one.thread.interrupt();
  }

  private void take(OperationDoor<I> door) {
    int ordered = properties.concurrency();
    int others = properties.overtaking();
    for (Performance<I> one : running.values()) {
      if (one.lease.overtakes()) {
        others--;
      } else {
        ordered--;
      }
    }
    if (ordered <= 0 && others <= 0) {
      return;
    }
    long now = System.nanoTime();
    if (running.isEmpty()) {
      nextBeat = now + properties.heartbeat().toNanos();
    }
    for (LeasedOperation operation :
        door.lease(name, Math.max(0, ordered), Math.max(0, others), properties.lease())) {
      begin(
          door,
          new Lease<>(operation, door, properties.lease(), now + properties.lease().toNanos()));
    }
  }

  private void begin(OperationDoor<I> door, Lease<I> lease) {
    UUID id = lease.operation().id();
    Thread begun =
        Thread.ofVirtual()
            .name(stage.name() + "-" + lease.operation().kind() + "-" + id)
            .unstarted(() -> {
              try {
                performer.perform(door, lease);
              } finally {
                running.computeIfPresent(id, (_, one) -> one.lease == lease ? null : one);
                door.wakeup().give();
              }
            });
    running.put(id, new Performance<>(lease, begun));
    begun.start();
  }

  /// Not where others do the work.
  @Override
  public boolean isAutoStartup() {
    return properties.concurrency() > 0;
  }

  @Override
  public void start() {
    thread.start();
    watch.start();
  }

  /// Takes nothing more, and lets what is at hand come to its end; what would take too long is left
  /// to others.
  @Override
  public void stop() {
    draining = true;
    running.values().forEach(one -> one.lease.drain());
    await(properties.drain());
    running.values().forEach(one -> one.thread.interrupt());
    await(LAST_PATIENCE);
    thread.stop(LAST_PATIENCE);
    watch.stop(LAST_PATIENCE);
  }

  private void await(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    for (Performance<I> one : running.values()) {
      try {
        var _ = one.thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead() && !watch.isDead() && !performer.isDead();
  }
}
